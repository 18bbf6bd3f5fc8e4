-- dim_customer_token: the pseudonym under which pages and links speak of a customer, since a number of the company is a person's
-- grain: one row per customer (customer_id)
-- stored: table
-- source: canonical.customers, canonical.orders
-- keeps: every customer. The digest is salted with all the orders, so that whoever has not the data cannot find a number by trying
with salt as (
    select coalesce(bit_xor(hash(o.order_id, o.customer_id, o.ordered_at)), 0) as grain
    from canonical.orders as o
)

select
    c.customer_id,
    substr(md5(concat_ws(':', c.customer_id, salt.grain)), 1, 12) as customer_token
from canonical.customers as c
cross join salt
order by customer_token
