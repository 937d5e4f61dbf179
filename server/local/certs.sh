# The partnership's certificate authority for this machine: one server certificate for the three
# listeners and one client certificate per installation. P-256, one year; keys are 0600.

CERTS_DAYS=365

certs_dir() { printf '%s/certs' "$FREMGANG_STATE"; }

certs_openssl() { openssl "$@" 2>>"$FREMGANG_STATE/logs/certs.log"; }

certs_key() { (umask 077 && certs_openssl ecparam -name prime256v1 -genkey -noout -out "$1"); }

certs_authority() {
    dir=$(certs_dir)
    certs_key "$dir/ca.key"
    certs_openssl req -x509 -new -key "$dir/ca.key" -sha256 -days 3650 -out "$dir/ca.crt" \
        -subj "/O=Fremgang/CN=Fremgang local authority" \
        -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign"
}

# certs_issue NAME EXTENSIONS: NAME.key and NAME.crt signed by the authority.
certs_issue() {
    dir=$(certs_dir)
    certs_key "$dir/$1.key"
    certs_openssl req -new -key "$dir/$1.key" -subj "/O=Fremgang/CN=$1" -out "$dir/$1.csr"
    printf '%b' "$2" >"$dir/$1.ext"
    certs_openssl x509 -req -in "$dir/$1.csr" -CA "$dir/ca.crt" -CAkey "$dir/ca.key" -CAcreateserial \
        -sha256 -days "$CERTS_DAYS" -extfile "$dir/$1.ext" -out "$dir/$1.crt"
    rm -f "$dir/$1.csr" "$dir/$1.ext"
}

certs_client() { certs_issue "$1" 'keyUsage=critical,digitalSignature\nextendedKeyUsage=clientAuth\n'; }

certs_server() {
    certs_issue server 'subjectAltName=DNS:localhost,IP:127.0.0.1\nkeyUsage=critical,digitalSignature\nextendedKeyUsage=serverAuth\n'
    # HAProxy reads certificate and key from one file, as the service user.
    (umask 077 && cat "$dir/server.crt" "$dir/server.key" >"$FREMGANG_STATE/server/server.pem")
    cp "$dir/ca.crt" "$FREMGANG_STATE/server/ca.crt"
    ! is_root || chown "$SERVICE_USER:" "$FREMGANG_STATE/server/server.pem" "$FREMGANG_STATE/server/ca.crt"
}

certs_up() {
    once certs-authority certs_authority
    once certs-server certs_server
}
