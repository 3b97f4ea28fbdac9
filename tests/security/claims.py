"""What the kiosk claims of its security, each claim with the tests that fail without it.

``PEOPLE`` is what is promised of people. ``ASVS`` are rows of OWASP's Application Security Verification
Standard 5.0 (levels 1 and 2). ``LESSONS`` are published holes of comparable systems, and what each taught.
Tests are named as pytest names them.
"""

from collections.abc import Mapping
from typing import Final

Tests = tuple[str, ...]

ASVS: Final[Mapping[str, Tests]] = {
    # Encoding and templates
    "1.2.1 output is encoded for its place": (
        "tests/hostile/test_any_string.py::test_nothing_is_executed_nothing_lost_nothing_altered",
        "tests/web/test_screens.py::test_hostile_text_stays_text",
        "tests/printers/test_fuzzed_values.py::test_values_change_nothing_but_the_data_of_zpl_templates",
    ),
    "1.2.2 addresses are made of encoded parts, and lead here alone": (
        "tests/web/test_scanners.py::test_it_leads_back_to_the_station_and_to_the_sheets",
        "tests/web/test_doorway.py::test_the_door_leads_to_this_kiosk_alone",
    ),
    "1.2.3 what scripts read is JSON": (
        "tests/web/test_pages.py::test_the_pad_s_cards_send_just_what_their_barcode_says",
    ),
    "1.2.4 queries take values, never text": (
        "tests/hostile/test_checks.py::test_a_text_in_a_graphql_document_is_found",
        "tests/ion/test_reading.py::test_hostile_text_finds_nothing",
    ),
    "1.2.5 no shell takes a text apart": ("tests/security/test_house.py::test_no_shell_is_ever_asked",),
    "1.2.10 no formula in a spreadsheet": (
        "tests/web/test_reconciliation.py::test_the_table_for_a_spreadsheet_holds_no_formula",
    ),
    "1.3.7 no template from untrusted input": (
        "tests/printers/test_template.py::test_anything_but_a_name_is_refused",
        "tests/printers/test_template.py::test_values_are_never_looked_at_for_placeholders",
    ),
    # Validation and business logic
    "2.2.1 every scan is understood by rule or refused with the reason": (
        "tests/barcodes/test_reader.py::test_a_scan_that_is_too_long_is_rejected_by_every_kind",
        "tests/barcodes/test_patterns.py::test_a_hostile_pattern_cannot_hold_up_a_scan",
    ),
    "2.3.1 steps come in their order": (
        "tests/flows/test_dispatch.py::test_nothing_acts_beneath_a_question",
        "tests/test_station.py::test_a_stale_press_does_nothing_and_says_so",
    ),
    "2.3.2 limits are kept": ("tests/web/test_api_labels.py::test_too_many_are_counted",),
    "2.3.3 all or nothing": (
        "tests/journal/test_station_book.py::test_when_one_part_fails_nothing_is_written",
    ),
    "2.3.4 nothing is booked twice": (
        "tests/journal/test_station_book.py::test_the_database_itself_refuses_a_second_row",
        "tests/journal/test_outbox.py::test_the_database_itself_refuses_two_in_flight_on_one_subject",
    ),
    "2.4.1 programs are slowed down": (
        "tests/web/test_api_access.py::test_a_program_that_asks_too_often_is_told_when_again",
    ),
    # The browser
    "3.3.1 cookies are secure over TLS": (
        "tests/web/test_doorway.py::test_the_cookie_is_for_this_host_over_tls_and_no_script",
        "tests/security/test_nginx.py::test_badge_and_pin_open_it_and_cookies_are_for_tls_alone",
    ),
    "3.3.2 cookies stay with this site": (
        "tests/web/test_guards.py::test_the_cookie_is_for_this_site_alone_and_stays",
    ),
    "3.3.3 and are this host's alone": (
        "tests/web/test_doorway.py::test_the_cookie_is_for_this_host_over_tls_and_no_script",
    ),
    "3.3.4 no script reads them": (
        "tests/web/test_guards.py::test_the_cookie_is_for_this_site_alone_and_stays",
        "tests/web/test_doorway.py::test_the_cookie_is_for_this_host_over_tls_and_no_script",
    ),
    "3.4.1 TLS is kept to": (
        "tests/web/test_doorway.py::test_the_cookie_is_for_this_host_over_tls_and_no_script",
        "tests/web/test_doorway.py::test_without_tls_nobody_comes_in_at_all",
        "tests/security/test_nginx.py::test_what_nginx_refuses_itself_is_as_well_protected",
        "tests/security/test_nginx.py::test_every_answer_has_the_headers_errors_too",
    ),
    "3.4.3 a content security policy": ("tests/web/test_guards.py::test_the_policy_allows_nothing_inline",),
    "3.4.4 nosniff": ("tests/web/test_guards.py::test_every_answer_is_protected",),
    "3.4.5 no referrer": ("tests/web/test_guards.py::test_every_answer_is_protected",),
    "3.4.6 no framing": ("tests/web/test_guards.py::test_every_answer_is_protected",),
    "3.5.1 no forged request": (
        "tests/web/test_guards.py::test_a_form_without_the_page_s_token_does_nothing",
        "tests/web/test_guards.py::test_the_api_takes_nothing_from_a_page_elsewhere",
        "tests/security/test_routes.py::test_every_unsafe_route_refuses_who_shows_nothing",
    ),
    # The API
    "4.3.1 answers of GraphQL have limits": (
        "tests/ion/test_transport.py::test_an_endless_answer_is_cut_off",
        "tests/ion/test_reading.py::test_too_many_pages_are_refused",
    ),
    # Who somebody is
    "6.1.1 guessing is limited, and locks nobody out": (
        "tests/operators/test_gate.py::test_of_a_thousand_guesses_thirty_at_most_are_looked_at_in_the_first_hour",
        "tests/operators/test_gate.py::test_a_prankster_elsewhere_or_with_other_badges_does_not_keep_a_person_from_their_work",
    ),
    "6.5.4 a PIN has 20 bits": (
        "tests/operators/test_register.py::test_pins_are_drawn_of_six_digits_and_none_is_plain",
        "tests/operators/test_register.py::test_a_pin_that_anybody_would_guess_is_refused",
    ),
    "7.1.1 times are stated and kept": (
        "tests/web/test_doorway.py::test_half_an_hour_without_anything_ends_it_though_the_page_asks_by_itself",
        "tests/test_people.py::test_who_does_nothing_for_five_minutes_is_signed_out",
    ),
    "7.2.3 secrets have 128 bits": ("tests/operators/test_office.py::test_badge_and_pin_of_a_lead_open_it",),
    "7.2.4 each sign-in has a new one": (
        "tests/operators/test_office.py::test_badge_and_pin_of_a_lead_open_it",
    ),
    "7.3.1 idle people are signed out": (
        "tests/operators/test_office.py::test_a_visit_ends_when_idle_and_after_half_an_hour",
    ),
    "7.3.2 nobody stays longer than a shift": (
        "tests/test_people.py::test_nobody_stays_longer_than_a_shift",
        "tests/web/test_doorway.py::test_who_goes_on_working_stays_for_a_shift_and_no_longer",
    ),
    "7.4.1 signing out ends it on the server": (
        "tests/operators/test_office.py::test_signing_out_ends_it_on_the_server",
        "tests/web/test_doorway.py::test_signing_out_ends_it_on_the_server",
    ),
    "7.4.2 who is disabled is out": (
        "tests/test_people.py::test_who_is_disabled_or_expires_is_signed_out_within_seconds",
        "tests/web/test_doorway.py::test_who_is_disabled_is_out_at_once",
    ),
    "7.4.3 a new PIN ends what began with the old one": (
        "tests/operators/test_office.py::test_a_new_pin_ends_every_visit_that_began_with_the_old_one",
    ),
    "7.4.4 who is signed in sees it, and the way out": (
        "tests/web/test_office_page.py::test_the_frame_says_who_is_signed_in_and_follows",
        "tests/web/test_sign_in.py::test_who_came_by_badge_can_leave_without_ion",
    ),
    "7.4.5 who sees to people ends their visits": (
        "tests/web/test_office.py::test_disable_renew_new_pin_and_forgive",
        "tests/web/test_doorway.py::test_who_is_disabled_is_out_at_once",
    ),
    # What somebody may
    "8.2.1 a function needs its right": (
        "tests/security/test_routes.py::test_every_unsafe_route_refuses_who_shows_nothing",
        "tests/operators/test_register.py::test_a_lead_changes_operators_and_a_technician_everybody",
    ),
    "8.2.2 so does every single thing": (
        "tests/test_label_service.py::test_a_scope_is_kept",
        "tests/web/test_api_access.py::test_what_a_key_is_not_for_is_refused_by_the_name_of_its_scope",
    ),
    "8.2.3 and every field": (
        "tests/security/test_house.py::test_every_payload_refuses_fields_it_does_not_name",
        "tests/security/test_canaries.py::test_no_page_no_header_and_no_error_says_one",
    ),
    "8.3.1 the server decides": (
        "tests/security/test_nginx.py::test_no_forged_header_makes_somebody_from_elsewhere_a_neighbour",
        "tests/web/test_doorway.py::test_nothing_is_open_to_another_machine_that_is_not_named_here",
    ),
    # Secrets, what is asked elsewhere, doing two things at once
    "13.3.1 secrets are kept apart": (
        "tests/test_systemd.py::test_the_secrets_are_credentials_and_nothing_else",
        "tests/test_settings.py::test_secrets_are_masked_also_in_tracebacks",
        "tests/security/test_canaries.py::test_the_log_says_none",
        "tests/security/test_canaries.py::test_a_key_that_is_rotated_after_the_start_is_learned_before_it_is_sent",
        "tests/security/test_canaries.py::test_neither_check_nor_the_support_bundle_says_one",
    ),
    "13.3.2 and only who needs them reads them": (
        "tests/machine/test_examination.py::test_a_secret_that_others_can_read_is_said",
        "tests/test_systemd.py::test_the_secrets_are_credentials_and_nothing_else",
    ),
    "15.3.2 no redirect is followed": ("tests/ion/test_transport.py::test_no_redirect_is_followed",),
    "15.4.2 what was checked is what is done": (
        "tests/journal/test_outbox.py::test_a_claimed_operation_is_in_flight_on_disk_before_it_is_sent",
    ),
    # Logs
    "16.2.2 times are in UTC": ("tests/security/test_logging.py::test_times_in_the_log_are_utc",),
    "16.3.1 who signs in is written down": (
        "tests/test_people.py::test_who_signs_in_is_there_and_in_the_audit",
    ),
    "16.3.2 so is who may not": (
        "tests/security/test_logging.py::test_who_is_refused_at_the_door_is_in_the_log",
    ),
    "16.3.3 so is who tries to get around it": (
        "tests/security/test_logging.py::test_who_is_refused_at_the_door_is_in_the_log",
    ),
    "16.3.4 so is what fails unexpectedly": (
        "tests/web/test_guards.py::test_a_failure_says_nothing_of_what_was_sent",
    ),
    "16.4.1 nothing forges a line": ("tests/test_log_lines.py::test_an_event_is_one_line",),
    "16.4.2 nobody changes what is written": (
        "tests/journal/test_audit.py::test_the_database_refuses",
        "tests/journal/test_audit.py::test_the_chain_finds",
    ),
    "16.4.3 it is known off the box too": (
        "tests/journal/test_audit.py::test_each_day_all_is_checked_and_the_head_is_logged",
        "tests/journal/test_audit.py::test_an_anchor_finds_an_audit_that_was_rewritten",
    ),
    "16.5.1 errors say nothing of what was sent": (
        "tests/web/test_guards.py::test_a_failure_says_nothing_of_what_was_sent",
    ),
}

LESSONS: Final[Mapping[str, Tests]] = {
    "CVE-2026-61744 a scan shows only what its station may show": (
        "tests/flows/test_dispatch.py::test_a_station_without_the_job_says_so",
        "tests/flows/test_dispatch.py::test_a_flow_that_the_station_does_not_do_is_refused",
    ),
    "CVE-2026-61748 printing asks for the right to print this": (
        "tests/test_label_service.py::test_a_scope_is_kept",
        "tests/test_print_room.py::test_a_label_of_one_thing_is_printed_once_more_by_a_lead_with_a_reason",
    ),
    "CVE-2026-61746 settings are for nobody without signing in, and show no secret": (
        "tests/web/test_settings.py::test_only_a_technician_sees_them",
        "tests/security/test_canaries.py::test_no_page_no_header_and_no_error_says_one",
        "tests/web/test_doorway.py::test_nothing_is_open_to_another_machine_that_is_not_named_here",
    ),
    "CVE-2026-61749 designs name no path and no address": (
        "tests/printers/test_element_toml.py::test_mistakes_in_pictures_tables_and_options",
        "tests/test_design_picture.py::test_a_file_has_a_plain_name",
    ),
    "CVE-2026-27629 and CVE-2026-35477 placeholders are names, nothing else": (
        "tests/printers/test_template.py::test_anything_but_a_name_is_refused",
    ),
    "CVE-2022-2113 and CVE-2022-3355 (GHSA-62g7-fpv9-v95f) no upload brings markup": (
        "tests/web/test_photos.py::test_a_polyglot_is_kept_as_its_picture_alone",
        "tests/test_design_picture.py::test_nothing_but_the_picture_is_left",
    ),
    "CVE-2026-29514 nor does a design": (
        "tests/printers/test_template.py::test_values_are_never_looked_at_for_placeholders",
    ),
    "CVE-2025-68616 nothing fetches on behalf of a label": (
        "tests/security/test_house.py::test_what_draws_labels_knows_no_network",
    ),
    "CVE-2019-17626 and CVE-2020-28463 no markup is made of data": (
        "tests/security/test_house.py::test_nothing_is_evaluated",
    ),
    "CVE-2023-41047 what a printer is told is data": (
        "tests/printers/test_fuzzed_values.py::test_values_change_nothing_but_the_data_of_zpl_templates",
    ),
    "CVE-2026-23767 no text is ever told to a receipt printer": (
        "tests/printers/languages/test_every_language.py::test_no_value_changes_anything_but_the_dots",
    ),
    "CVE-2023-4957 (ICSA-23-339-01) a network printer's own page is for nobody else to reach": (
        "tests/security/test_house.py::test_it_is_said_where_a_network_printer_belongs",
    ),
    "CVE-2025-64187 and CVE-2026-35163 a printer's words are untrusted": (
        "tests/web/test_printers.py::test_foreign_text_is_text",
        "tests/printers/discovery/test_dns_sd.py::test_hostile_texts_are_cleaned",
    ),
    "CVE-2021-32561 errors echo nothing": (
        "tests/web/test_guards.py::test_what_is_not_found_is_not_echoed",
        "tests/web/test_api.py::test_a_problem_says_where_and_never_what",
    ),
    "CVE-2022-2888 a stolen cookie ends on the server": (
        "tests/operators/test_office.py::test_signing_out_ends_it_on_the_server",
    ),
    "CVE-2024-51493 and CVE-2024-23637 a PIN is changed with a fresh PIN": (
        "tests/operators/test_office.py::test_after_two_minutes_the_pin_is_asked_for_again",
        "tests/web/test_office.py::test_an_old_pin_is_asked_for_again_before_a_change",
    ),
    "CVE-2026-23892 keys are compared in constant time": (
        "tests/security/test_house.py::test_secrets_are_compared_in_constant_time",
        "tests/test_api_keys.py::test_what_is_not_the_whole_key_opens_nothing",
    ),
    "CVE-2025-48067 and CVE-2026-54134 a field nobody named is refused": (
        "tests/security/test_house.py::test_every_payload_refuses_fields_it_does_not_name",
        "tests/web/test_api.py::test_a_scan_that_does_not_fit_is_a_problem",
    ),
    "CVE-2021-32560 and CVE-2022-2872 no name of a file comes from outside": (
        "tests/test_design_picture.py::test_a_file_has_a_plain_name",
        "tests/web/test_guards.py::test_every_answer_is_protected",
    ),
    "CVE-2025-63601 a backup is looked at before it is taken": (
        "tests/journal/test_backup.py::test_what_is_no_whole_backup_changes_nothing",
    ),
    "CVE-2025-65621, CVE-2025-65622, CVE-2022-1380, CVE-2022-1445 and CVE-2019-10118 every field is tried": (
        "tests/browser/test_hostile.py::test_no_text_of_ion_does_anything_on_the_page",
    ),
    "CVE-2023-52215, CVE-2024-54265 and CVE-2026-62116 so is every scan": (
        "tests/hostile/test_any_string.py::test_nothing_is_executed_nothing_lost_nothing_altered",
        "tests/browser/test_hostile.py::test_no_barcode_does_anything_on_the_page",
    ),
    "CVE-2021-23203 a label's picture is for who may see it": (
        "tests/web/test_doorway.py::test_nothing_is_open_to_another_machine_that_is_not_named_here",
    ),
    "CVE-2024-47176, CVE-2024-47076, CVE-2024-47175, CVE-2024-47177 and CVE-2026-39314 no print server": (
        "tests/security/test_house.py::test_nothing_listens_but_the_pages",
    ),
    "CVE-2023-52952, CVE-2019-25718, CVE-2022-1467, CVE-2024-29500, ICSA-22-132-06 no way out of the page": (
        "tests/test_systemd.py::test_the_policy_closes_the_ways_out",
        "tests/test_systemd.py::test_the_browser_waits_for_the_page_and_cannot_leave_it",
        "tests/browser/test_fullscreen.py::test_alone_on_a_screen_no_key_is_the_browser_s",
        "tests/browser/test_policy.py::test_nothing_but_the_kiosk_opens",
    ),
    "CVE-2023-30861 nothing with a cookie is kept on the way": (
        "tests/security/test_routes.py::test_what_sets_a_cookie_is_kept_nowhere",
    ),
    "CVE-2019-14806 no debugger": ("tests/web/test_guards.py::test_every_answer_is_protected",),
    "CVE-2024-6221 no other site reads an answer": (
        "tests/security/test_routes.py::test_no_answer_is_for_other_sites",
    ),
    "CVE-2022-24761 and CVE-2022-31015 one request is one request": (
        "tests/web/test_server.py::test_odd_requests_are_answered_and_harm_nothing",
    ),
}

PEOPLE: Final[Mapping[str, Tests]] = {
    "a flow asks for nothing, a badge, or badge and PIN": (
        "tests/flows/test_identity.py::test_a_flow_that_asks_nothing_is_open_to_anybody",
        "tests/flows/test_identity.py::test_a_scan_waits_for_a_badge_and_goes_on_once",
        "tests/flows/test_identity.py::test_badge_and_pin_and_then_the_scan_goes_on",
    ),
    "PINs are kept by argon2id": (
        "tests/operators/test_register.py::test_a_hash_fits_its_pin_alone_and_needs_the_pepper",
        "tests/operators/test_gate.py::test_no_pin_is_in_the_journal",
    ),
    "delays grow": ("tests/operators/test_gate.py::test_waits_begin_after_five_and_double_to_five_minutes",),
    "no prankster locks anybody out": (
        "tests/operators/test_gate.py::test_a_prankster_elsewhere_or_with_other_badges_does_not_keep_a_person_from_their_work",
        "tests/operators/test_gate.py::test_a_prankster_of_the_night_keeps_nobody_from_their_work_in_the_morning",
        "tests/operators/test_gate.py::test_a_lead_ends_the_waits_of_a_newcomer_that_others_led_to",
        "tests/operators/test_gate.py::test_whatever_is_tried_no_wait_is_longer_than_five_minutes",
    ),
    "of 1,000 guesses at most 30 are looked at in the first hour": (
        "tests/operators/test_gate.py::test_of_a_thousand_guesses_thirty_at_most_are_looked_at_in_the_first_hour",
    ),
    "who is idle is locked out, and the work is kept": (
        "tests/test_people.py::test_who_does_nothing_for_five_minutes_is_signed_out",
        "tests/flows/test_identity.py::test_who_leaves_leaves_the_screen_locked_and_the_work_kept",
        "tests/test_station_people.py::test_who_leaves_locks_the_screen",
    ),
    "nobody stays for ever": ("tests/test_people.py::test_nobody_stays_longer_than_a_shift",),
    "the next badge switches": (
        "tests/test_people.py::test_the_next_person_takes_the_place_of_the_one_before",
        "tests/flows/test_identity.py::test_another_badge_switches_while_a_pin_is_asked",
    ),
    "a sign-in without network has an end": (
        "tests/test_people.py::test_who_is_disabled_or_expires_is_signed_out_within_seconds",
        "tests/ion/test_sign_in.py::test_a_server_that_is_down_costs_nobody_their_sign_in_at_once",
        "tests/ion/test_sign_in.py::test_without_a_refresh_token_it_lasts_as_long_as_it_lasts",
    ),
    "operator, lead and technician": (
        "tests/operators/test_register.py::test_a_lead_changes_operators_and_a_technician_everybody",
        "tests/web/test_settings.py::test_only_a_technician_sees_them",
        "tests/web/test_shift.py::test_nobody_sees_it_who_is_no_lead",
    ),
    "a PIN older than two minutes is asked for again: to complete a run": (
        "tests/flows/test_identity.py::test_completing_asks_again_once_the_pin_is_old_and_is_done_once",
        "tests/test_people.py::test_a_pin_is_fresh_for_two_minutes_and_given_for_as_long_as_they_stay",
    ),
    "and to override a quantity": (
        "tests/flows/test_identity.py::test_more_than_expected_a_count_and_a_serial_s_label_are_signed",
    ),
    "and to print the label of a serial once more": (
        "tests/flows/test_identity.py::test_printing_a_serial_s_label_again_for_want_of_the_first_is_signed",
        "tests/test_print_room.py::test_where_a_station_asks_for_pins_the_label_of_a_serial_is_signed",
    ),
    "and to give parked work up": (
        "tests/test_parked.py::test_what_was_signed_is_given_up_with_a_pin_alone",
        "tests/web/test_parked_signing.py::test_an_old_pin_is_nobody_s",
    ),
    "people are changed on a page": (
        "tests/web/test_office.py::test_a_lead_adds_an_operator_and_no_lead",
        "tests/web/test_office.py::test_disable_renew_new_pin_and_forgive",
    ),
    "and by `kiosk operator add, list, disable` and `badge`": (
        "tests/cli/test_operators.py::test_a_person_is_added_and_the_pin_shown_once",
        "tests/cli/test_operators.py::test_taken_away_and_given_back",
        "tests/cli/test_operators.py::test_the_badge_says_who_scans_it",
    ),
    "denied unless allowed: every unsafe route needs a token or a key": (
        "tests/security/test_routes.py::test_every_unsafe_route_refuses_who_shows_nothing",
        "tests/web/test_guards.py::test_every_route_is_in_the_list_above",
    ),
    "what a scan is about is asked for its right after it is known": (
        "tests/flows/test_dispatch.py::test_a_station_without_the_job_says_so",
        "tests/test_label_service.py::test_a_scope_is_kept",
    ),
    "keys are hashed, scoped, expire, and are compared in constant time": (
        "tests/test_api_keys.py::test_a_key_opens_and_only_its_digest_is_kept",
        "tests/test_api_keys.py::test_a_scope_says_what_the_key_is_for",
        "tests/test_api_keys.py::test_a_key_ends_on_its_day_and_when_it_is_taken_back",
        "tests/security/test_house.py::test_secrets_are_compared_in_constant_time",
    ),
    "other machines reach nothing by default": (
        "tests/web/test_proxy.py::test_by_default_only_this_machine_is_served",
    ),
    "and where they do, by TLS and signed in": (
        "tests/web/test_doorway.py::test_without_tls_nobody_comes_in_at_all",
        "tests/security/test_nginx.py::test_badge_and_pin_open_it_and_cookies_are_for_tls_alone",
    ),
    "the settings show no secret": (
        "tests/security/test_canaries.py::test_no_page_no_header_and_no_error_says_one",
    ),
    "headers on every answer, errors too": ("tests/web/test_guards.py::test_every_answer_is_protected",),
    "known holes fail the check": ("tests/test_audit.py::test_a_hole_in_a_pinned_package_fails_the_check",),
}
"""What is promised of people and their rights, sentence by sentence."""
