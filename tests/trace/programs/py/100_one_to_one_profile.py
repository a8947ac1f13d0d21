# db: sqlite mysql
from typing import Optional, List
from sqlalchemy import *
from sqlalchemy.orm import *
class Base(DeclarativeBase):
    pass
class User(Base):
    __tablename__ = "app_user"
    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(60), unique=True, index=True)
    is_active: Mapped[bool] = mapped_column(default=True)
    profile: Mapped[Optional["Profile"]] = relationship(back_populates="user", cascade="all, delete-orphan")
    roles: Mapped[List["Role"]] = relationship(secondary="user_role", back_populates="users", order_by="Role.name")
    def __repr__(self):
        return f"<User {self.email}>"
class Profile(Base):
    __tablename__ = "profile"
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), primary_key=True)
    bio: Mapped[Optional[str]] = mapped_column(Text)
    user: Mapped["User"] = relationship(back_populates="profile")
class Role(Base):
    __tablename__ = "role"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(20), unique=True)
    users: Mapped[List["User"]] = relationship(secondary="user_role", back_populates="roles")
class UserRole(Base):
    __tablename__ = "user_role"
    user_id: Mapped[int] = mapped_column(ForeignKey("app_user.id"), primary_key=True)
    role_id: Mapped[int] = mapped_column(ForeignKey("role.id"), primary_key=True)
engine = create_engine(DBURL)
Base.metadata.create_all(engine)
engine.echo = True
with Session(engine) as s:
    admin = Role(name="admin")
    s.add(User(email="a@x", profile=Profile(bio="hi"), roles=[admin]))
    s.commit()
    s.add(User(email="b@x", is_active=False))
    s.commit()
with Session(engine) as s:
    a = s.scalars(select(User).where(User.email == "a@x")).one()
    print(a.profile.bio, [r.name for r in a.roles], a.profile.user is a)
    a.profile = Profile(bio="new")
    try:
        s.commit()
    except Exception as e:
        print(err(e))
        s.rollback()
    a.profile.bio = "changed"
    s.commit()
    print(s.scalars(select(Profile.bio)).all())
    b = s.scalars(select(User).where(~User.is_active)).one()
    print(b.profile, b.roles)
    print(s.scalars(select(User).join(User.roles).where(Role.name == "admin")).all())
    print(s.scalars(select(User).where(User.profile == None)).all())
    print(s.scalars(select(User).where(User.profile.has(Profile.bio.like("ch%")))).all())
    a.roles.clear()
    a.profile = None
    s.commit()
    print(s.scalar(select(func.count()).select_from(UserRole)), s.scalar(select(func.count()).select_from(Profile)))
    s.delete(a)
    s.commit()
