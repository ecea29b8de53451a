"""A payment gateway for tests: a process of its own, asked over real HTTP by Stripe's library.

It keeps Stripe's promises that Carter rests on: a request with a key is done once; a refund is
never more than the payment; events are signed, and may come twice, late and in any order. On
demand it breaks them, and cuts connections before or after doing what was asked.
"""
