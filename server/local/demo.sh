# The demonstration: people, two partnerships, synthetic exports, sync, closed periods, releases.
# Everything goes through the clients and the servers; nothing is written into a database here.

DEMO_MEMBERS="510:haderslev 167:hvidovre 657:herning"
DEMO_URLS() {
    printf '%s\n' --pool "tls+tcp://127.0.0.1:$(servers_port pool)" \
        --intake "tls+tcp://127.0.0.1:$(servers_port intake)" \
        --keys "tls+tcp://127.0.0.1:$(servers_port keys)"
}

# demo_client PROFILE verb...: the built client, quiet.
demo_client() {
    demo_profile=$1
    shift
    "$FREMGANG_BUILD/bin/fremgang" --profile "$demo_profile" "$@" </dev/null \
        2>>"$FREMGANG_STATE/logs/demo.log" || {
        tail -n 5 "$FREMGANG_STATE/logs/demo.log" >&2
        die "\`fremgang $1\` failed for $demo_profile" "See $FREMGANG_STATE/logs/demo.log"
    }
}

# demo_enrol PROFILE CODE [options...]
demo_enrol() {
    enrol_profile=$1
    enrol_code=$2
    shift 2
    certs_client "$enrol_profile"
    # shellcheck disable=SC2046
    demo_client "$enrol_profile" enrol --code "$enrol_code" $(DEMO_URLS) --ca "$(certs_dir)/ca.crt" \
        --cert "$(certs_dir)/$enrol_profile.crt" --key "$(certs_dir)/$enrol_profile.key" "$@" >/dev/null
}

# Stewards' codes come from the operator; every other code from a steward.
demo_stewards() {
    step "enrolling two stewards"
    for steward in steward-a steward-b; do
        code=$("$FREMGANG_PROGRAMS/fremgangd" enrol-code --role steward --name "$steward" \
            --release-db "$(cluster_conninfo release fremgang_owner)")
        demo_enrol "$steward" "$code"
    done
}

demo_partnerships() {
    step "registering two partnerships"
    demo_client steward-a admin partnership-create forebyggelsespakken --name "Forebyggelsespakken (syntetisk)" \
        --members 510,167,657 --from 2015-01-01 --until 2018-01-01 --named-to coordinator --synthetic >/dev/null
    demo_client steward-a admin partnership-create sverigesprogrammet --name "Sverigesprogrammet (syntetisk)" \
        --members 657 --from 2013-01-01 --until 2016-01-01 --named-to coordinator --named-to researcher --synthetic >/dev/null
}

# demo_code ROLE options...: one fresh enrolment code.
demo_code() { demo_client steward-a admin code-create "$@" --format csv | awk -F, 'NR == 2 {print $1}'; }

demo_people() {
    step "enrolling municipalities, a coordinator and a researcher"
    for member in $DEMO_MEMBERS; do
        home=forebyggelsespakken
        [ "${member#*:}" != herning ] || home=sverigesprogrammet # a member of both
        demo_enrol "${member#*:}" "$(demo_code municipality --name "${member#*:}" --municipality "${member%%:*}")" \
            --partnership "$home"
    done
    demo_enrol coordinator "$(demo_code coordinator --name coordinator --partnership forebyggelsespakken --partnership sverigesprogrammet)"
    demo_enrol researcher "$(demo_code researcher --name researcher)"
    researcher_id=$(sed -n 's/^id *= *//p' "$FREMGANG_HOME/profiles/researcher/profile.ini")
    for partnership in forebyggelsespakken sverigesprogrammet; do
        demo_client steward-a admin permit-grant "$researcher_id" --partnership "$partnership" \
            --purpose "demonstration" --until 2030-01-01 >/dev/null
    done
}

# The first member makes the partnership's key; the others get it by hand, as a file.
demo_partnership_keys() {
    step "sharing partnership keys among the members"
    demo_client herning enrol --new-partnership-key sverigesprogrammet --new-partnership-key forebyggelsespakken
    for member in haderslev hvidovre; do
        demo_client "$member" enrol --partnership-key \
            "forebyggelsespakken=$FREMGANG_HOME/profiles/herning/partnership-forebyggelsespakken.key"
    done
}

demo_exports() {
    step "generating exports (synthetic data)"
    "$FREMGANG_BUILD/bin/fremgang-generate" --out "$FREMGANG_STATE/exports" >"$FREMGANG_STATE/logs/generate.log"
}

# Some cases are wrong on purpose: check and import refuse those and take the rest (exit 1).
demo_import() {
    for member in $DEMO_MEMBERS; do
        name=${member#*:}
        step "checking, pseudonymising and sending the export of $name"
        "$FREMGANG_BUILD/bin/fremgang" --profile "$name" import "$FREMGANG_STATE/exports/$name"/*.csv --partnership all --full \
            >"$FREMGANG_STATE/logs/import-$name.txt" 2>&1 || [ $? -eq 1 ] ||
            { tail -n 5 "$FREMGANG_STATE/logs/import-$name.txt" >&2; die "could not import the export of $name"; }
        demo_client "$name" sync >>"$FREMGANG_STATE/logs/import-$name.txt"
    done
}

demo_close() {
    step "closing periods"
    demo_client herning publish close 2015-Q4 --partnership sverigesprogrammet >/dev/null
    for member in $DEMO_MEMBERS; do
        demo_client "${member#*:}" publish close 2017-Q4 --partnership forebyggelsespakken >/dev/null
    done
}

demo_publish() {
    for partnership in sverigesprogrammet forebyggelsespakken; do
        step "counting, protecting and staging the release of $partnership (about a minute)"
        as_service "$FREMGANG_PROGRAMS/fremgangd" publish --partnership "$partnership" \
            --case-db "$(cluster_conninfo case fremgang_publish)" --release-db "$(cluster_conninfo release fremgang_publish)" \
            --publish-key "$FREMGANG_STATE/keys/publish.key" >>"$FREMGANG_STATE/logs/publish.log" 2>&1 ||
            { tail -n 5 "$FREMGANG_STATE/logs/publish.log" >&2; die "could not publish $partnership" "See $FREMGANG_STATE/logs/publish.log"; }
    done
    step "two stewards sign the releases"
    for release in $(demo_client steward-a publish list --format csv | awk -F, 'NR > 1 {print $1}'); do
        for steward in steward-a steward-b; do
            demo_client "$steward" publish approve "$release" >/dev/null
        done
    done
}

demo_up() {
    once demo-stewards demo_stewards
    once demo-partnerships demo_partnerships
    once demo-people demo_people
    once demo-keys demo_partnership_keys
    once demo-exports demo_exports
    once demo-import demo_import
    once demo-close demo_close
    once demo-publish demo_publish
}

demo_show() {
    demo_client coordinator table institution_share --partnership sverigesprogrammet --by quarter
    demo_client coordinator table followup_on_time_3m --partnership forebyggelsespakken --by quarter
    cat <<'TEXT'

Next, try:
  ./fremgang table followup_on_time_3m --partnership forebyggelsespakken --by quarter,municipality
  ./fremgang table followup_on_time_3m --partnership forebyggelsespakken --by quarter,municipality --profile researcher
  ./fremgang own institution_share --profile herning
  ./fremgang indicators
  ./fremgang rpc describe SubmissionService.Push
TEXT
}
