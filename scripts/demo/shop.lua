-- The sample shop: customers, products, orders, reviews, some thousands of
-- rows. Our own data, the same every time. It wants an engine on an empty
-- database.

local metadata = MetaData()

local countries = Table("country", metadata,
  Column("code", String(2), {primary_key = true}),
  Column("name", String(40), {nullable = false}))

local customers = Table("customer", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("first_name", String(40), {nullable = false}),
  Column("last_name", String(40), {nullable = false}),
  Column("email", String(120), {nullable = false, unique = true}),
  Column("country_code", nil, ForeignKey("country.code"), {nullable = false}),
  Column("joined", Date, {nullable = false}),
  Column("newsletter", Boolean, {nullable = false}))

local employees = Table("employee", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("name", String(60), {nullable = false}),
  Column("title", String(40), {nullable = false}),
  Column("manager_id", nil, ForeignKey("employee.id")))

local categories = Table("category", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("name", String(40), {nullable = false, unique = true}))

local products = Table("product", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("sku", String(12), {nullable = false, unique = true}),
  Column("name", String(80), {nullable = false}),
  Column("category_id", nil, ForeignKey("category.id"), {nullable = false}),
  Column("price", Numeric(10, 2), {nullable = false}),
  Column("stock", Integer, {nullable = false}))

local tags = Table("tag", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("name", String(30), {nullable = false, unique = true}))

local product_tags = Table("product_tag", metadata,
  Column("product_id", nil, ForeignKey("product.id"), {primary_key = true}),
  Column("tag_id", nil, ForeignKey("tag.id"), {primary_key = true}))

local orders = Table("orders", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("customer_id", nil, ForeignKey("customer.id"), {nullable = false, index = true}),
  Column("employee_id", nil, ForeignKey("employee.id")),
  Column("placed", DateTime, {nullable = false}),
  Column("state", String(10), {nullable = false}),
  Column("note", String(200)))

local lines = Table("order_line", metadata,
  Column("order_id", nil, ForeignKey("orders.id"), {primary_key = true}),
  Column("position", Integer, {primary_key = true, autoincrement = false}),
  Column("product_id", nil, ForeignKey("product.id"), {nullable = false, index = true}),
  Column("quantity", Integer, {nullable = false}),
  Column("price", Numeric(10, 2), {nullable = false}))

local reviews = Table("review", metadata,
  Column("id", Integer, {primary_key = true}),
  Column("product_id", nil, ForeignKey("product.id"), {nullable = false}),
  Column("customer_id", nil, ForeignKey("customer.id"), {nullable = false}),
  Column("stars", Integer, {nullable = false}),
  Column("body", String(200)))

-- A small generator of numbers, so that every database gets the same shop.
-- (Park and Miller's; its products stay below 2^53.)
local seed = 20260101
local function below(n)
  seed = (seed * 16807) % 2147483647
  return seed % n
end
local function pick(list) return list[below(#list) + 1] end

local first_names = {"Ada", "Bruno", "Carla", "Dimitri", "Elif", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Kaya", "Lena",
  "Milan", "Nora", "Oskar", "Paula", "Quentin", "Rosa", "Samir", "Tilda", "Umar", "Vera", "Wim", "Xenia", "Yusuf", "Zoë"}
local last_names = {"Adler", "Bianchi", "Costa", "Dubois", "Eriksen", "Fischer", "García", "Horvat", "Ivanova", "Jansen",
  "Kowalski", "Lindgren", "Moreau", "Novák", "O'Brien", "Petrov", "Quist", "Rossi", "Silva", "Tanaka", "Urban", "Vogel", "Weiss", "Zając"}
local plain = {["García"] = "garcia", ["Novák"] = "novak", ["O'Brien"] = "obrien", ["Zając"] = "zajac", ["Zoë"] = "zoe"}
local function spelt(name) return plain[name] or string.lower(name) end

local country_rows = {
  {code = "AT", name = "Austria"}, {code = "BR", name = "Brazil"}, {code = "CZ", name = "Czechia"},
  {code = "DE", name = "Germany"}, {code = "ES", name = "Spain"}, {code = "FR", name = "France"},
  {code = "IE", name = "Ireland"}, {code = "IT", name = "Italy"}, {code = "JP", name = "Japan"},
  {code = "NL", name = "Netherlands"}, {code = "PL", name = "Poland"}, {code = "SE", name = "Sweden"},
}

local catalogue = {
  {"Tea", {"Assam", "Darjeeling", "Earl Grey", "Jasmine", "Oolong", "Rooibos", "Sencha", "White Peony"}, {"50 g", "100 g", "250 g"}, 4},
  {"Coffee", {"Espresso", "Filter Roast", "Decaf", "Colombia", "Ethiopia", "Sumatra"}, {"250 g", "500 g", "1 kg"}, 6},
  {"Cups", {"Enamel Mug", "Glass Cup", "Porcelain Cup", "Travel Mug"}, {"small", "large"}, 9},
  {"Pots", {"Cast Iron Pot", "French Press", "Glass Pot", "Moka Pot"}, {"2 cups", "4 cups", "8 cups"}, 24},
  {"Sweets", {"Almond Biscuit", "Dark Chocolate", "Honey", "Nougat", "Shortbread"}, {"box", "jar"}, 3},
  {"Books", {"A History of Tea", "Brewing at Home", "The Coffee Atlas", "Sixty Cakes"}, {"paperback", "hardback"}, 14},
}

local customer_rows, used = {}, {}
for id = 1, 400 do
  local first, last = pick(first_names), pick(last_names)
  local address = spelt(first) .. "." .. spelt(last)
  used[address] = (used[address] or 0) + 1
  if used[address] > 1 then address = address .. used[address] end
  customer_rows[id] = {id = id, first_name = first, last_name = last, email = address .. "@example.com",
    country_code = pick(country_rows).code, joined = date(2021 + below(4), 1 + below(12), 1 + below(28)),
    newsletter = below(3) == 0}
end

local employee_rows = {
  {id = 1, name = "Maria Keller", title = "Owner", manager_id = null},
  {id = 2, name = "Tom Reed", title = "Head of Sales", manager_id = 1},
  {id = 3, name = "Aiko Mori", title = "Head of Stock", manager_id = 1},
  {id = 4, name = "Leo Brandt", title = "Sales", manager_id = 2},
  {id = 5, name = "Sofia Nunes", title = "Sales", manager_id = 2},
  {id = 6, name = "Piet Bakker", title = "Sales", manager_id = 2},
  {id = 7, name = "Hana Dvořák", title = "Stock", manager_id = 3},
  {id = 8, name = "Ben Cole", title = "Apprentice", manager_id = 4},
}

local category_rows, product_rows = {}, {}
for c, entry in ipairs(catalogue) do
  category_rows[c] = {id = c, name = entry[1]}
  for n, name in ipairs(entry[2]) do
    for size, unit in ipairs(entry[3]) do
      local cents = (entry[4] * 100 + below(300)) * size - 5 * below(10)
      product_rows[#product_rows + 1] = {id = #product_rows + 1, sku = string.format("%s-%02d%d", string.upper(string.sub(entry[1], 1, 3)), n, size),
        name = name .. ", " .. unit, category_id = c, price = decimal(string.format("%d.%02d", math.floor(cents / 100), cents % 100)),
        stock = below(120)}
    end
  end
end

local tag_names = {"organic", "fair trade", "new", "sale", "gift", "vegan"}
local tag_rows, product_tag_rows = {}, {}
for id, name in ipairs(tag_names) do tag_rows[id] = {id = id, name = name} end
for _, product in ipairs(product_rows) do
  for id = 1, #tag_names do
    if below(4) == 0 then product_tag_rows[#product_tag_rows + 1] = {product_id = product.id, tag_id = id} end
  end
end

local notes = {"leave it with the neighbour", "gift wrapping, please", "ring twice", "no plastic"}
local order_rows, line_rows = {}, {}
for id = 1, 1500 do
  local state = ({"new", "paid", "sent", "sent", "sent", "sent", "returned", "cancelled"})[below(8) + 1]
  order_rows[id] = {id = id, customer_id = 1 + below(360), -- the last forty have never ordered
    employee_id = below(5) == 0 and null or 4 + below(3),
    placed = datetime(2024 + below(2), 1 + below(12), 1 + below(28), 8 + below(12), below(60)),
    state = state, note = below(6) == 0 and pick(notes) or null}
  local taken = {}
  for _ = 1, 1 + below(5) do
    local product = pick(product_rows)
    if not taken[product.id] then
      taken[product.id] = true
      taken.n = (taken.n or 0) + 1
      line_rows[#line_rows + 1] = {order_id = id, position = taken.n, product_id = product.id,
        quantity = 1 + below(4), price = product.price}
    end
  end
end

local praise = {"Very good.", "As described.", "Would buy it again.", "Not for me.", "Too expensive.", "My favourite!"}
local review_rows = {}
for id = 1, 600 do
  review_rows[id] = {id = id, product_id = pick(product_rows).id, customer_id = 1 + below(360), stars = 5 - math.floor(below(100) / 35) - below(2),
    body = below(3) == 0 and null or pick(praise)}
end

metadata:create_all(engine)
with(engine:begin(), function(conn)
  for _, pair in ipairs{{countries, country_rows}, {customers, customer_rows}, {employees, employee_rows}, {categories, category_rows},
      {products, product_rows}, {tags, tag_rows}, {product_tags, product_tag_rows}, {orders, order_rows}, {lines, line_rows}, {reviews, review_rows}} do
    conn:execute(insert(pair[1]), pair[2])
  end
end)
