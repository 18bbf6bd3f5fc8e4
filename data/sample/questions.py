"""Questions that contacts record, three for each reason, and the three answers that a customer may be given to each."""

from data.sample import company

QUESTIONS = {
    "delivery": {
        "delivery_day": ("tomorrow", "within_3_days", "within_10_days"),
        "carrier_contact": ("carrier_calls", "customer_calls", "no_contact"),
        "late_compensation": ("voucher", "refund_of_fee", "nothing"),
    },
    "billing": {
        "payment_date": ("at_order", "at_dispatch", "at_delivery"),
        "invoice_copy": ("by_email", "by_post", "in_account"),
        "instalments": ("three", "four", "refused"),
    },
    "returns": {
        "refund_delay": ("5_days", "14_days", "30_days"),
        "return_label": ("sent_by_email", "printed_in_store", "carrier_brings_it"),
        "return_fee": ("free", "fee_charged", "free_in_store"),
    },
    "breakdown": {
        "warranty": ("covered", "not_covered", "partly_covered"),
        "repair_day": ("this_week", "next_week", "in_3_weeks"),
        "spare_part": ("in_stock", "ordered", "no_longer_made"),
    },
    "order": {
        "order_state": ("being_prepared", "dispatched", "out_of_stock"),
        "change_address": ("possible", "too_late", "call_carrier"),
        "cancellation": ("accepted", "refused", "after_delivery"),
    },
    "advice": {
        "fitting": ("fits", "does_not_fit", "measure_first"),
        "energy_class": ("class_a", "class_c", "class_e"),
        "availability": ("in_store", "online_only", "in_2_weeks"),
    },
}
QUESTION_CODES = tuple(question for reason in company.REASONS for question in QUESTIONS[reason])
ANSWER_CODES = tuple(
    answer for reason in company.REASONS for answers in QUESTIONS[reason].values() for answer in answers
)
