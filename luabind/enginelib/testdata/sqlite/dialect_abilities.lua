local engine = create_engine("sqlite://")
local d = engine.dialect
print(d.supports_comments, d.supports_sequences, d.supports_native_boolean, d.insert_returning, d.supports_alter, d.max_identifier_length)
print(d.default_schema_name, #d.server_version_info, d.driver, d.default_isolation_level, d.supports_empty_insert, d.use_insertmanyvalues)
print(d.postfetch_lastrowid, d.use_insertmanyvalues_wo_returning, d.supports_identity_columns, d.tuple_in_values, d.max_index_name_length)
print(engine.pool.__class__.__name__, Sequence("s").__class__.__name__)
print(make_url("mysql+pymysql://u:pw@h/d"):set{database = "other", password = nil}:render_as_string(false))
