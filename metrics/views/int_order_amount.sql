-- int_order_amount: what the lines of an order add up to
-- grain: one row per order that has lines (order_id)
-- stored: temp
-- units: company currency, net of discounts and refunds; a cost counts for the units kept
-- source: canonical.order_lines, canonical.products, setting
-- keeps: lines without a product; margin of a product without a unit cost is setting.margin_share of its amount
with line as (
    select
        l.order_id,
        l.line,
        p.category,
        l.net_amount,
        l.net_amount - coalesce(l.refunded_amount, 0) as kept_amount,
        cast(
            cast(coalesce(l.quantity, 1) - coalesce(l.returned_quantity, 0) as decimal(12, 3)) * p.unit_cost as decimal(18, 2)
        ) as known_cost
    from canonical.order_lines as l
    left join canonical.products as p on l.product_id = p.product_id
)

select
    line.order_id,
    count(*) as n_lines,
    cast(sum(line.kept_amount) as decimal(18, 2)) as net_amount,
    cast(
        sum(
            case
                when line.known_cost is not null then line.kept_amount - line.known_cost
                else cast(line.kept_amount * cast(setting.margin_share as decimal(5, 4)) as decimal(18, 2))
            end
        ) as decimal(18, 2)
    ) as margin_amount,
    arg_max(line.category, row(line.net_amount, -line.line)) as category
from line
cross join setting
group by line.order_id
