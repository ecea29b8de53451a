"""Every address of Carter, by section."""

from django.urls import include, path

from carter.web.views import (
    auto_pay,
    billing,
    cards,
    charges,
    charging,
    customers,
    decided,
    details,
    duplicates,
    exports,
    gateway_settings,
    health,
    histories,
    hooks,
    households,
    imports,
    invitations,
    invoices,
    issuing,
    jobs,
    kept,
    late_fees,
    leads,
    letters,
    merges,
    moving_out,
    paying,
    payments,
    people,
    places,
    public_invoices,
    recurring,
    recurring_billing,
    recurring_deeds,
    repeats,
    search,
    second_step,
    settings,
    shared,
    splits,
    statements,
    storage,
    storage_jobs,
    tags,
    taking_back,
    warehouses,
)

leads_and_jobs = [
    path("search/", search.index, name="search"),
    path("", leads.home, name="home"),
    path("leads/", leads.index, name="leads"),
    path("leads/new/", leads.new, name="lead_new"),
    path("leads/suggestions/", leads.offered, name="lead_suggestions"),
    path("jobs/", jobs.index, name="jobs"),
    path("jobs/<int:job_id>/", jobs.intake, name="job"),
    path("jobs/<int:job_id>/notes/", jobs.notes, name="job_notes"),
    path("jobs/<int:job_id>/history/", jobs.history, name="job_history"),
    path("jobs/<int:job_id>/stage/", jobs.stage, name="job_stage"),
    path("jobs/<int:job_id>/copies/", jobs.copies, name="job_copies"),
    path("jobs/<int:job_id>/candidates/", repeats.candidates, name="job_candidates"),
    path("jobs/<int:job_id>/link/", repeats.link, name="job_link"),
    path("jobs/<int:job_id>/unlink/", repeats.unlink, name="job_unlink"),
    path("jobs/<int:job_id>/decisions/", repeats.decisions, name="job_decisions"),
    path(
        "jobs/<int:job_id>/decisions/<int:decision_id>/withdrawal/",
        repeats.withdrawal,
        name="decision_withdrawal",
    ),
]

storage_module = [
    path("storage/", storage.index, name="storage"),
    path("storage/new/", storage.new, name="storage_new"),
    path("customers/<int:customer_id>/storage/", storage.of_customer, name="customer_storage"),
    path("storage/<int:storage_job_id>/", storage_jobs.page, name="storage_job"),
    path("storage/<int:storage_job_id>/intake/", storage_jobs.intake, name="storage_intake"),
    path("storage/<int:storage_job_id>/moving-in/", storage_jobs.moving_in, name="storage_move_in"),
    path(
        "storage/<int:storage_job_id>/calling-off/",
        storage_jobs.calling_off,
        name="storage_call_off",
    ),
    path("storage/<int:storage_job_id>/locations/", places.places, name="storage_places"),
    path("storage/<int:storage_job_id>/moves/", storage_jobs.moves, name="storage_moves"),
    path(
        "storage/<int:storage_job_id>/moves/<int:linked_move_id>/withdrawal/",
        storage_jobs.move_off,
        name="storage_move_off",
    ),
    path("storage/warehouses/", warehouses.index, name="warehouses"),
    path("storage/warehouses/<int:warehouse_id>/", warehouses.page, name="warehouse"),
    path("storage/warehouses/<int:warehouse_id>/edit/", warehouses.edit, name="warehouse_edit"),
    path("storage/warehouses/<int:warehouse_id>/zones/", warehouses.zones, name="zones"),
    path("storage/zones/<int:zone_id>/", warehouses.zone, name="zone"),
    path("storage/zones/<int:zone_id>/locations/", warehouses.locations, name="locations"),
    path("storage/locations/<int:location_id>/", warehouses.location, name="location"),
    path(
        "storage/locations/<int:location_id>/closing/", warehouses.closing, name="location_closing"
    ),
]

money = [
    path("billing/", billing.invoices, name="billing"),
    path("billing/aging/", billing.ages, name="billing_aging"),
    path("billing/unapplied/", billing.unapplied, name="billing_unapplied"),
    path("billing/payments/", billing.payments, name="billing_payments"),
    path("billing/aging/pdf/", billing.aging_paper, name="billing_aging_pdf"),
    path("billing/exports/<slug:table>/<slug:form>/", billing.export, name="billing_export"),
    path("jobs/<int:job_id>/charges/", charges.of_job, name="job_charges"),
    path("customers/<int:customer_id>/charges/", charges.on_account, name="customer_charges"),
    path("charges/<int:charge_id>/taking-back/", charges.taking_back, name="charge_taking_back"),
    path("customers/<int:customer_id>/invoices/", invoices.of_customer, name="customer_invoices"),
    path("customers/<int:customer_id>/invoices/new/", invoices.new, name="invoice_new"),
    path("invoices/<int:invoice_id>/", invoices.page, name="invoice"),
    path("invoices/<int:invoice_id>/paper/", invoices.paper, name="invoice_paper"),
    path("invoices/<int:invoice_id>/edit/", invoices.edit, name="invoice_edit"),
    path("invoices/<int:invoice_id>/issue/", issuing.issue, name="invoice_issue"),
    path("invoices/<int:invoice_id>/discard/", issuing.discard, name="invoice_discard"),
    path("invoices/<int:invoice_id>/void/", issuing.void, name="invoice_void"),
    path("invoices/<int:invoice_id>/letters/new/", issuing.letter, name="invoice_letter"),
    path("invoices/<int:invoice_id>/link/", issuing.link, name="invoice_link"),
    path(
        "invoices/<int:invoice_id>/credit-notes/new/", issuing.credit_note, name="credit_note_new"
    ),
    path("customers/<int:customer_id>/payments/", payments.of_customer, name="customer_payments"),
    path("customers/<int:customer_id>/payments/new/", payments.new, name="payment_new"),
    path("customers/<int:customer_id>/credits/new/", payments.credit, name="credit_new"),
    path("payments/<int:payment_id>/", payments.page, name="payment"),
    path("payments/<int:payment_id>/paper/", payments.paper, name="payment_paper"),
    path("payments/<int:payment_id>/refunds/new/", taking_back.refund, name="payment_refund"),
    path("payments/<int:payment_id>/return/", taking_back.coming_back, name="payment_return"),
    path("payments/<int:payment_id>/void/", taking_back.void, name="payment_void"),
    path("payments/<int:payment_id>/allocations/new/", taking_back.applying, name="payment_apply"),
    path(
        "payments/<int:payment_id>/allocations/<int:invoice_id>/withdrawal/",
        taking_back.taking_off,
        name="payment_off",
    ),
    path("customers/<int:customer_id>/balance/", statements.balance, name="customer_balance"),
    path("customers/<int:customer_id>/statement/", statements.page, name="customer_statement"),
    *(
        path(
            f"customers/<int:customer_id>/statement.{form}",
            statements.file,
            {"form": form},
            name=f"statement_{form}",
        )
        for form in ("pdf", "csv", "xlsx")
    ),
    path("i/<str:token>/", public_invoices.page, name="public_invoice"),
    path("i/<str:token>/invoice.pdf", public_invoices.paper, name="public_invoice_paper"),
]

recurring_invoices = [
    path(
        "storage/<int:storage_job_id>/moving-out/", moving_out.moving_out, name="storage_move_out"
    ),
    path("storage/<int:storage_job_id>/recurring/new/", recurring.new, name="recurring_new"),
    *(
        path(f"storage/recurring/<int:recurring_invoice_id>/{place}", view, name=name)
        for place, view, name in (
            ("", recurring.page, "recurring_invoice"),
            ("edit/", recurring.edit, "recurring_edit"),
            ("prices/new/", recurring_deeds.price, "price_change_new"),
            ("pauses/new/", recurring_deeds.pause, "pause_new"),
            ("end/", recurring_deeds.end, "recurring_end"),
            ("continuation/", recurring_deeds.continuation, "recurring_continuation"),
        )
    ),
    path(
        "storage/recurring/prices/<int:price_change_id>/withdrawal/",
        recurring_deeds.price_withdrawal,
        name="price_change_withdrawal",
    ),
    path(
        "storage/recurring/pauses/<int:pause_id>/end/", recurring_deeds.pause_end, name="pause_end"
    ),
    path("billing/recurring/", recurring_billing.index, name="billing_recurring"),
    path("billing/recurring/runs/", recurring_billing.runs, name="recurring_runs"),
    path(
        "billing/recurring/runs/<int:tick_run_id>/approval/",
        recurring_billing.approval,
        name="run_approval",
    ),
    path("billing/late-fees/<int:late_fee_id>/waiver/", late_fees.waiver, name="late_fee_waiver"),
    path("settings/late-fees/", late_fees.policy, name="late_fees"),
]

gateway = [
    path("settings/gateway/", gateway_settings.page, name="gateway_settings"),
    path("settings/gateway/test/", gateway_settings.test, name="gateway_test"),
    path(
        "settings/gateway/disconnection/",
        gateway_settings.disconnection,
        name="gateway_disconnection",
    ),
    path("customers/<int:customer_id>/cards/", cards.index, name="customer_cards"),
    path("customers/<int:customer_id>/cards/new/", cards.new, name="card_new"),
    path("customers/<int:customer_id>/auto-pay/", cards.auto_pay, name="customer_auto_pay"),
    path("cards/<int:method_id>/back/", cards.back, name="card_back"),
    path("cards/<int:method_id>/removal/", cards.removal, name="card_removal"),
    path("invoices/<int:invoice_id>/charge/", charging.charge, name="invoice_charge"),
    path("payments/<int:payment_id>/refund/", charging.refund, name="gateway_refund"),
    path("billing/failed/", auto_pay.failed, name="failed_auto_payments"),
    path("billing/failed/<int:collection_id>/again/", auto_pay.again, name="collection_again"),
    path(
        "billing/events/<int:gateway_event_id>/done/",
        auto_pay.event_done,
        name="gateway_event_done",
    ),
    path("i/<str:token>/pay/", paying.pay, name="public_pay"),
    path("i/<str:token>/pay/<uuid:attempt>/", paying.going_on, name="public_going_on"),
    path("i/<str:token>/pay/<uuid:attempt>/back/", paying.paid, name="public_paid"),
    path("hooks/stripe/<str:token>/", hooks.stripe, name="stripe_hook"),
]

people_moved = [
    path("customers/", customers.index, name="customers"),
    path("customers/new/", customers.new, name="customer_new"),
    path("customers/tags/", tags.on_ticked, name="customers_tag"),
    path("customers/merges/", merges.ticked, name="merges_ticked"),
    path("customers/merges/new/", merges.new, name="merge_new"),
    path("customers/merges/<int:merge_id>/", merges.page, name="merge"),
    path("customers/splits/<int:split_id>/", splits.page, name="split"),
    path("customers/<int:customer_id>/merges/new/", merges.choose, name="customer_merge"),
    path("customers/<int:customer_id>/splits/new/", splits.new, name="split_new"),
    path(
        "customers/<int:customer_id>/writes/<int:write_id>/reversal/",
        histories.reversal,
        name="field_reversal",
    ),
    path("customers/<int:customer_id>/", customers.details, name="customer"),
    path("customers/<int:customer_id>/jobs/", customers.jobs, name="customer_jobs"),
    path("customers/<int:customer_id>/history/", histories.index, name="customer_history"),
    path("customers/<int:customer_id>/notes/", customers.notes, name="customer_notes"),
    path("customers/<int:customer_id>/household/", households.household, name="household"),
    path(
        "customers/<int:customer_id>/household/leaving/",
        households.leaving,
        name="household_leaving",
    ),
    path(
        "customers/<int:customer_id>/decisions/<int:decision_id>/withdrawal/",
        households.withdrawal,
        name="customer_decision_withdrawal",
    ),
    path("customers/<int:customer_id>/tags/", tags.of_customer, name="customer_tags"),
    path("customers/<int:customer_id>/<slug:kind>/new/", details.new, name="customer_detail_new"),
    path(
        "customers/<int:customer_id>/<slug:kind>/<int:detail_id>/",
        details.edit,
        name="customer_detail",
    ),
    path(
        "customers/<int:customer_id>/<slug:kind>/<int:detail_id>/standing/",
        details.standing,
        name="customer_detail_standing",
    ),
]

who_may_be_the_same = [
    path("duplicates/", duplicates.index, name="duplicates"),
    path("duplicates/decisions/", duplicates.decisions, name="duplicates_decisions"),
    path("duplicates/undo/", duplicates.undo, name="duplicates_undo"),
    path("duplicates/comparing/", duplicates.comparing, name="duplicates_comparing"),
    path("duplicates/comparing/progress/", duplicates.progress, name="duplicates_progress"),
    path("duplicates/recommended/", merges.recommended, name="recommended_merges"),
    path("duplicates/decided/", decided.index, name="duplicates_decided"),
    path(
        "duplicates/decided/<int:decision_id>/undo/", decided.undo, name="duplicates_decided_undo"
    ),
    path("duplicates/shared/", shared.index, name="shared_identifiers"),
    path("duplicates/shared/<int:identifier_id>/", shared.page, name="shared_identifier"),
    path("duplicates/shared/<int:identifier_id>/word/", shared.word, name="shared_word"),
]

company_and_people = [
    path("settings/", settings.index, name="settings"),
    path("settings/company/", settings.company, name="company_settings"),
    path("settings/paper/", settings.paper, name="paper_settings"),
    path("settings/paper/logo/", settings.logo, name="logo"),
    path("settings/paper/sample/", settings.sample_paper, name="sample_paper"),
    path("settings/mail/", letters.index, name="letters"),
    path("settings/mail/<int:letter_id>/", letters.page, name="letter"),
    path("settings/mail/<int:letter_id>/sending/", letters.sending, name="letter_sending"),
    path("settings/mail/<int:letter_id>/rest/", letters.rest, name="letter_rest"),
    path(
        "settings/mail/attachments/<int:attachment_id>/",
        letters.attachment,
        name="letter_attachment",
    ),
    path("settings/people/", people.index, name="people"),
    path("settings/people/<int:member_id>/role/", people.role, name="person_role"),
    path("settings/people/<int:member_id>/leaving/", people.leaving, name="person_leaving"),
    path("settings/people/<int:member_id>/comeback/", people.comeback, name="person_comeback"),
    path(
        "settings/invitations/<int:invitation_id>/withdrawal/",
        people.invitation_withdrawal,
        name="invitation_withdrawal",
    ),
    path("settings/profile/", settings.profile, name="profile"),
    path("settings/profile/second-step/", second_step.index, name="second_step"),
    path("settings/profile/company/", settings.working_company, name="working_company"),
    path("invitation/", invitations.invitation, name="invitation"),
    path("kept/", kept.index, name="kept"),
    path("kept/forgotten/", kept.forgotten, name="kept_forgotten"),
]

files_in_and_out = [
    path("settings/imports/", imports.index, name="imports"),
    path("settings/imports/<int:import_id>/", imports.page, name="import"),
    path("settings/imports/<int:import_id>/progress/", imports.progress, name="import_progress"),
    path("settings/imports/<int:import_id>/columns/", imports.columns, name="import_columns"),
    path("settings/imports/<int:import_id>/start/", imports.start, name="import_start"),
    path("settings/imports/<int:import_id>/resume/", imports.going_on, name="import_resume"),
    path("settings/imports/<int:import_id>/undo/", imports.undo, name="import_undo"),
    path("settings/imports/<int:import_id>/report/", imports.report, name="import_report"),
    path("settings/exports/", exports.index, name="exports"),
    path("settings/exports/quickbooks/", exports.quickbooks, name="quickbooks"),
    path("settings/exports/<slug:table>/<slug:form>/", exports.download, name="export"),
]

urlpatterns = [
    *leads_and_jobs,
    *storage_module,
    *money,  # Before people_moved: “…/invoices/new/” would be a detail of a customer there.
    *recurring_invoices,
    *gateway,
    *people_moved,
    *who_may_be_the_same,
    *company_and_people,
    *files_in_and_out,
    path("accounts/", include("allauth.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

handler400 = "carter.web.views.errors.bad_request"
handler403 = "carter.web.views.errors.forbidden"
handler404 = "carter.web.views.errors.not_found"
handler500 = "carter.web.views.errors.server_error"
