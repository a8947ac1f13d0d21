create table customers (id integer primary key, name varchar(50) not null, city varchar(50), since date);
create table products (id integer primary key, name varchar(50) not null unique, price numeric(8, 2) not null check (price >= 0));
create table orders (id integer primary key, customer_id integer not null references customers (id), placed timestamp not null,
  status varchar(10) not null default 'new' check (status in ('new', 'paid', 'sent')));
create table items (order_id integer not null references orders (id) on delete cascade, product_id integer not null references products (id),
  quantity integer not null default 1 check (quantity > 0), primary key (order_id, product_id));
create index orders_customer on orders (customer_id);
create view turnover as
  select c.name as customer, sum(i.quantity * p.price) as total
  from customers c join orders o on o.customer_id = c.id join items i on i.order_id = o.id join products p on p.id = i.product_id
  group by c.name;
insert into customers (id, name, city, since) values
  (1, 'Zofia Nowak', 'Kraków', '2021-03-04'), (2, 'Ed Jones', 'Leeds', '2022-11-30'), (3, '山田太郎', '東京', '2023-01-15'),
  (4, 'Marta Kowalska', 'Łódź', null), (5, 'Wendy Weathersmith', 'Leeds', '2024-02-29');
insert into products (id, name, price) values
  (1, 'teapot', 24.90), (2, 'cup', 6.50), (3, 'spoon', 2.25), (4, 'tea, 100 g', 8.00), (5, 'honey', 5.75);
insert into orders (id, customer_id, placed, status) values
  (1, 1, '2024-05-01 09:30:00', 'sent'), (2, 1, '2024-05-20 17:05:00', 'paid'), (3, 2, '2024-06-02 12:00:00', 'sent'),
  (4, 3, '2024-06-03 08:15:00', 'new'), (5, 5, '2024-06-04 19:45:00', 'paid');
insert into items (order_id, product_id, quantity) values
  (1, 1, 1), (1, 2, 4), (2, 4, 2), (3, 2, 2), (3, 3, 2), (4, 1, 1), (4, 4, 1), (5, 5, 3), (5, 4, 1);
