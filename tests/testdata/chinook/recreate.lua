-- Reflects SOURCE, creates what it found in TARGET, an empty database, and
-- prints what differs: between the two catalogues, and the other way round.
-- Between databases of different kinds types are the generic ones, without the
-- collation, which is a name of one database.
source, target = create_engine(SOURCE), create_engine(TARGET)

function generic(metadata)
  if source.dialect.name == target.dialect.name then return metadata end
  event.listen(metadata, "column_reflect", function(inspector, tablename, column)
    local t = column.type:as_generic()
    if isinstance(t, String) and t.collation then
      t = isinstance(t, Text) and Text(t.length) or String(t.length)
    end
    column.type = t
  end)
  return metadata
end

function differences(way, metadata, engine)
  for c in metadata:diff(engine) do
    print(way, c.kind, c.table, c.column or c.name or "", tostring(c.old), tostring(c.new))
  end
end

m = generic(MetaData())
m:reflect(source)
m:create_all(target)
print(#m.tables .. " tables")
differences("forth", m, target)
again = generic(MetaData())
again:reflect(target)
differences("back", again, source)
