-- A JSON attribute that was not set stays NULL; one that is null is JSON null.
-- db: sqlite
local Base = declarative_base()
C = class("C", Base, {__tablename__="c", id=Column(Integer,{primary_key=true}), n = Column(Integer), plain = Column(JSON)})
e = create_engine("sqlite://", {echo=true})
Base.metadata:create_all(e)
s = Session(e)
s:add(C{n=1}) s:flush()
s:add_all({C{n=1}, C{n=2, plain={a=1}}, C{n=3, plain=null}}) s:commit()
for r in s:execute(text("select id, plain, typeof(plain) from c")) do print(r) end
s:execute(insert(C), {{plain = null}, {plain = {x=1}}})
s:bulk_insert_mappings(C, {{n=1, plain=null}, {n=2}})
for r in s:execute(text("select id, plain, typeof(plain) from c")) do print(r) end
