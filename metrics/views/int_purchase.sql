-- int_purchase: a day on which a customer bought, with the next such day; orders of one day are one purchase
-- grain: one row per customer and day of purchase (customer_id, purchased_on)
-- stored: temp
-- units: local calendar days
-- source: int_order, canonical.customers
-- keeps: sales of identified customers; a customer first seen before the orders begin has no first purchase in them
with purchase as (
    select
        customer_id,
        ordered_on as purchased_on,
        arg_min(order_id, row(ordered_at, order_id)) as opening_order_id
    from int_order
    where is_sale and customer_id is not null
    group by customer_id, ordered_on
)

select
    p.customer_id,
    p.purchased_on,
    p.opening_order_id,
    lead(p.purchased_on) over (partition by p.customer_id order by p.purchased_on) as next_purchased_on,
    row_number() over (partition by p.customer_id order by p.purchased_on) = 1
    and coalesce(c.first_seen_on >= (select min(ordered_on) from int_order), true) as is_first
from purchase as p
left join canonical.customers as c on p.customer_id = c.customer_id
