-- XA is text() with a parameter.
e = create_engine(DATABASE)
e:connect():close()
e.echo = true
c = e:connect()
t = c:begin_twophase("one")
c:execute(text("select 1"))
t:prepare()
t:commit()
t = c:begin_twophase("it's two")
t:rollback()
c:close()
