engine = create_engine("sqlite:///" .. DIR .. "/e7.db")
for n in {"connect","first_connect","checkout","checkin","reset","invalidate","soft_invalidate","close","detach","close_detached"} do
 local name = n
 event.listen(engine, name, function(...) print(name) end)
end
c = engine:connect() c:close()
c = engine:connect() c:detach() c:close()
c = engine:connect() c:invalidate() c:close()
c = engine:connect() c:execute(text("select 1")) c:close()
r = engine:raw_connection() r:invalidate(nil, {soft=true}) r:close()
r = engine:raw_connection() r:close()
engine:dispose()
c = engine:connect() c:close()
event.listen(engine.pool, "reset", function(conn, rec, state) print(state.transaction_was_reset, state.terminate_only, state.asyncio_safe) end)
c = engine:connect() c:execute(text("select 1")) c:commit() c:close()
c = engine:connect() c:execute(text("select 1")) c:close()
c = engine:connect() c:close()
