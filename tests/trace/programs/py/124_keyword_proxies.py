from sqlalchemy import *
from sqlalchemy.orm import *
from sqlalchemy.exc import *
engine = create_engine("sqlite://")
from sqlalchemy.ext.associationproxy import association_proxy
Base = declarative_base()
class User(Base):
    __tablename__ = "user"
    id = Column(Integer, primary_key=True)
    name = Column(String(64))
    user_keywords = relationship("UserKeyword", back_populates="user", cascade="all, delete-orphan", order_by="UserKeyword.id")
    keywords = association_proxy("user_keywords", "keyword", creator=lambda k: UserKeyword(keyword=k))
    labels = association_proxy("user_keywords", "special_key")
    def __init__(self, name):
        self.name = name
class UserKeyword(Base):
    __tablename__ = "user_keyword"
    id = Column(Integer, primary_key=True)
    user_id = Column(ForeignKey("user.id"))
    keyword_id = Column(ForeignKey("keyword.id"))
    special_key = Column(String(50))
    user = relationship(User, back_populates="user_keywords")
    keyword = relationship("Keyword", lazy="joined")
    word = association_proxy("keyword", "keyword")
class Keyword(Base):
    __tablename__ = "keyword"
    id = Column(Integer, primary_key=True)
    keyword = Column("keyword", String(64))
    def __init__(self, keyword):
        self.keyword = keyword
    def __repr__(self):
        return "Keyword(%s)" % repr(self.keyword)
Base.metadata.create_all(engine)
s = Session(engine)
user = User("log")
for kw in (Keyword("new_from_blammo"), Keyword("its_big")):
    user.keywords.append(kw)
print(user.keywords, len(user.keywords), user.keywords[0])
UserKeyword(keyword=Keyword("its_wood"), user=user, special_key="my special key")
s.add(user)
s.commit()
print(user.keywords, user.labels, [uk.word for uk in user.user_keywords])
print(s.scalars(select(User).where(User.keywords.any(Keyword.keyword == "its_big"))).one().name)
print(s.query(User).filter(User.labels.contains("my special key")).count(), s.query(User).filter(User.labels == "zip").count())
print(select(User).where(User.keywords.contains(user.keywords[0])))
user.keywords.remove(user.keywords[0])
s.commit()
print(user.keywords, s.query(UserKeyword).count())
user.keywords = [Keyword("q")]
s.commit()
print(user.keywords, s.query(UserKeyword).count())
print(user.keywords[0] in user.keywords, [k.keyword for k in user.keywords])
user.keywords.extend([Keyword("r"), Keyword("s")])
print(user.keywords[1:3], user.keywords.pop(0))
user.keywords.clear()
print(user.keywords)
s.rollback()
