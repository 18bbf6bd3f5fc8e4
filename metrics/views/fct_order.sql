-- fct_order: an order with its money, its promised day, what followed it, and the segments of its customer
-- grain: one row per order (order_id)
-- stored: table
-- units: company currency net of discounts and refunds (null without lines); days_late in local days, early is negative, null undelivered
-- source: int_order, int_purchase, dim_segment, setting, setting_channel
-- keeps: every order; anonymous ones have segments 'unknown'. has_second_order_180d is null until the window has passed
select
    o.order_id,
    o.customer_id,
    o.ordered_at,
    o.ordered_on,
    o.status,
    o.is_sale,
    o.net_amount,
    o.margin_amount,
    o.n_lines,
    o.category,
    o.sales_channel,
    coalesce(channel.kind, 'unknown') as sales_channel_kind,
    o.store,
    o.campaign,
    o.promised_on,
    o.repromised_on,
    o.delivered_at,
    o.delivered_on,
    o.delivery_promise,
    o.is_promise_due,
    o.is_promise_kept,
    o.is_repromised,
    o.days_late,
    o.days_late_so_far,
    coalesce(p.is_first and p.opening_order_id = o.order_id, false) as is_first_order,
    p.customer_id is not null and o.ordered_on + setting.second_purchase_days < cast(setting.as_of as date) as is_second_order_mature,
    case
        when p.customer_id is not null and o.ordered_on + setting.second_purchase_days < cast(setting.as_of as date)
            then coalesce(p.next_purchased_on <= o.ordered_on + setting.second_purchase_days, false)
    end as has_second_order_180d,
    coalesce(columns(s.* exclude (customer_id)), 'unknown')
from int_order as o
cross join setting
left join int_purchase as p on o.is_sale and o.customer_id = p.customer_id and o.ordered_on = p.purchased_on
left join setting_channel as channel on o.sales_channel = channel.channel
left join dim_segment as s on o.customer_id = s.customer_id
order by o.ordered_at, o.order_id
