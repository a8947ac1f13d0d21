-- The steps of a two-phase transaction are calls of the driver here: only their beginning is echoed.
e = create_engine(DATABASE, {echo = true})
c = e:connect()
t = c:begin_twophase("one")
c:execute(text("select 1"))
t:commit()
t = c:begin_twophase("two")
t:rollback()
c:close()
