-- One-to-one and many-to-many through a mapped class.
-- db: sqlite mysql
DBURL = arg[1] or "sqlite://"
function py_err(e) if type(e) == "string" then return e end return tostring(e.class) .. ": " .. tostring(e.message) end
Base = class("Base", DeclarativeBase, {})
User = class("User", Base, {
  __tablename__ = "app_user",
  id = mapped_column(Integer, {primary_key = true}),
  email = mapped_column(String(60), {unique = true, index = true, nullable = false}),
  is_active = mapped_column(Boolean, {default = true, nullable = false}),
  profile = relationship("Profile", {back_populates = "user", cascade = "all, delete-orphan", uselist = false}),
  roles = relationship("Role", {secondary = "user_role", back_populates = "users", order_by = "Role.name"}),
  __repr__ = function(self)
    return "<User " .. tostring(self.email) .. ">"
  end,
})
Profile = class("Profile", Base, {
  __tablename__ = "profile",
  user_id = mapped_column(Integer, ForeignKey("app_user.id", {ondelete = "CASCADE"}), {primary_key = true}),
  bio = mapped_column(Text),
  user = relationship("User", {back_populates = "profile", uselist = false}),
})
Role = class("Role", Base, {
  __tablename__ = "role",
  id = mapped_column(Integer, {primary_key = true}),
  name = mapped_column(String(20), {unique = true, nullable = false}),
  users = relationship("User", {secondary = "user_role", back_populates = "roles"}),
})
UserRole = class("UserRole", Base, {
  __tablename__ = "user_role",
  user_id = mapped_column(Integer, ForeignKey("app_user.id"), {primary_key = true}),
  role_id = mapped_column(Integer, ForeignKey("role.id"), {primary_key = true}),
})
engine = create_engine(DBURL)
Base.metadata:create_all(engine)
engine.echo = true
with(Session(engine), function(s)
  admin = Role{name = "admin"}
  s:add(User{email = "a@x", profile = Profile{bio = "hi"}, roles = {admin}})
  s:commit()
  s:add(User{email = "b@x", is_active = false})
  s:commit()
end)
with(Session(engine), function(s)
  a = s:scalars(select(User):where(User.email == "a@x")):one()
  print(a.profile.bio, (function() local out_ = {} for r in a.roles do  out_[#out_ + 1] = r.name end return out_ end)(), rawequal(a.profile.user, a))
  a.profile = Profile{bio = "new"}
  local ok_1, err_1 = pcall(function()
    s:commit()
  end)
  if not ok_1 then
    do
      local e = err_1
    print(py_err(e))
    s:rollback()
    end
  end
  a.profile.bio = "changed"
  s:commit()
  print(s:scalars(select(Profile.bio)):all())
  b = s:scalars(select(User):where(not_(User.is_active))):one()
  print(b.profile, b.roles)
  print(s:scalars(select(User):join(User.roles):where(Role.name == "admin")):all())
  print(s:scalars(select(User):where(User.profile == nil)):all())
  print(s:scalars(select(User):where(User.profile:has(Profile.bio:like("ch%")))):all())
  a.roles:clear()
  a.profile = nil
  s:commit()
  print(s:scalar(select(func.count()):select_from(UserRole)), s:scalar(select(func.count()):select_from(Profile)))
  s:delete(a)
  s:commit()
end)
