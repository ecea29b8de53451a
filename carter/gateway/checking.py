"""Rules that always hold of payments through the gateway: `carter check`.

That the gateway itself has the same payments is asked by `carter check --gateway`.
"""

from carter.customers.checking import Rule, sql

LIVE_TWICE = """
SELECT MIN(a.id) FROM gateway_paymentattempt a WHERE a.status IN ('pending', 'unknown') {of a}
GROUP BY a.invoice_id HAVING COUNT(*) > 1
"""
NOT_ITS_PAYMENT = """
SELECT a.id FROM gateway_paymentattempt a LEFT JOIN billing_payment p ON p.id = a.payment_id
WHERE a.status = 'succeeded' AND (p.id IS NULL OR p.kind <> 'payment'
    OR p.gateway_reference IS NULL OR p.gateway_reference <> a.gateway_reference) {of a}
"""
NOT_ITS_REFUND = """
SELECT a.id FROM gateway_refundattempt a LEFT JOIN billing_payment p ON p.id = a.refund_id
WHERE a.status = 'succeeded' AND (p.id IS NULL OR p.of_id <> a.payment_id
    OR p.amount_cents <> -a.amount_cents OR p.gateway_reference <> a.gateway_reference) {of a}
"""
NOT_CHARGEABLE = """
SELECT m.id FROM gateway_storedmethod m
WHERE m.ready_at IS NOT NULL AND (m.gateway_method IS NULL OR m.gateway_customer = '') {of m}
"""

RULES = (
    Rule("No two payments of an invoice are under way.", sql("payment attempt", LIVE_TWICE)),
    Rule(
        "Every payment attempt that succeeded has the payment of the gateway.",
        sql("payment attempt", NOT_ITS_PAYMENT),
    ),
    Rule(
        "Every refund through the gateway is in the book with its amount.",
        sql("refund attempt", NOT_ITS_REFUND),
    ),
    Rule("Every card on file is known at the gateway.", sql("stored method", NOT_CHARGEABLE)),
)
