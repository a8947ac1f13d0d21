-- Keys that are given, defaults that are SQL: what an INSERT and an UPDATE bring back.
-- db: sqlite
engine = create_engine("sqlite://", {echo=true})
Base = declarative_base()
T = class("T", Base, {__tablename__="t", id=Column(Integer,{primary_key=true}), data=Column(String), def_=Column(String,{server_default="x"})})
Base.metadata:create_all(engine)
s = Session(engine)
s:add(T{id=1, data="a"})
s:commit()
s:add_all{T{id=3, data="a"}, T{id=4,data="b"}, T{id=5,data="c"}}
s:commit()
s:add_all{T{id=13, data=func.lower("A")}, T{data="b"}, T{data="c"}}
s:flush()
s:add(T{data="b"})
s:commit()
s:add(T{id=26, data=func.lower("A")})
s:commit()
P = class("P", Base, {__tablename__="p", a=Column(Integer,{primary_key=true}), b=Column(String,{primary_key=true}), def_=Column(String,{server_default="x"}), up=Column(String,{onupdate="y"})})
Q = class("Q", Base, {__tablename__="q", id=Column(Integer,{primary_key=true, autoincrement=false}), def_=Column(String,{server_default="x"})})
R = class("R", Base, {__tablename__="r", id=Column(Integer,{primary_key=true, autoincrement=false}), def_=Column(String,{default=func.lower("X")}), cl=Column(String,{default="q"})})
Base.metadata:create_all(engine)
s:add_all{P{a=1,b="x"},P{a=1,b="y"}, Q{id=1}, Q{id=2}, R{id=1}, R{id=2}}
s:commit()
s:add_all{P{a=2,b="x"}, Q{id=3}, R{id=3}}
s:commit()
U = class("U", Base, {__tablename__="u", id=Column(Integer,{primary_key=true}), n=Column(Integer), x=Column(String,{server_onupdate=FetchedValue()}), up=Column(String,{onupdate=func.lower("Y")}), __mapper_args__={eager_defaults=true}})
V = class("V", Base, {__tablename__="v", id=Column(Integer,{primary_key=true}), n=Column(Integer), x=Column(String,{server_onupdate=FetchedValue()}), up=Column(String,{onupdate=func.lower("Y")})})
Base.metadata:create_all(engine)
u = U{id=1,n=1} v=V{id=1,n=1}
s:add_all{u,v}
s:flush()
u.n=2 v.n=2
s:flush()
print(u.x,u.up,v.x,v.up)
