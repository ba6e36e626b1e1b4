#!/bin/sh
# Releases one chart as a script does: packages and pushes it, signs it and its package, and makes a Release with six assets.
# The bench sets the variables. curl makes the requests that `gh release create` makes, with five uploads at once.
set -eu
chart=$1
out=$WORK/$chart
package=$out/$chart-$VERSION.tgz
lineage=$out/$chart-attestation-lineage.json
mkdir -p "$out"

helm package "charts/$chart" --destination "$out" >"$out/log"
digest=$(helm push "$package" "oci://$REGISTRY" --plain-http 2>&1 | sed -n 's/^Digest: //p')
cosign sign --yes --signing-config "$SIGNING_CONFIG" --trusted-root "$TRUSTED_ROOT" "$REGISTRY/$chart@$digest" 2>>"$out/log"
cosign sign-blob --yes --signing-config "$SIGNING_CONFIG" --trusted-root "$TRUSTED_ROOT" \
  --bundle "$package.sigstore.json" "$package" >>"$out/log" 2>&1
printf '{"chart":"%s","version":"%s","digest":"%s","attestations":{}}\n' "$chart" "$VERSION" "$digest" >"$lineage"

draft=$(curl --silent --show-error --fail --header "authorization: Bearer $GITHUB_TOKEN" --data \
  "{\"tag_name\":\"$chart-v$VERSION\",\"target_commitish\":\"$COMMIT\",\"name\":\"$chart: v$VERSION\",\"body\":\"$chart\",\"draft\":true}" \
  "$GITHUB_API_URL/repos/$REPOSITORY/releases")
upload=$(printf '%s' "$draft" | sed -n 's/.*"upload_url": *"\([^"{]*\).*/\1/p')
id=${upload%/assets}
id=${id##*/}
set --
for file in "$package" "$package.sigstore.json" "$lineage" "charts/$chart/CHANGELOG.md" "charts/$chart/README.md" "charts/$chart/LICENSE"; do
  set -- "$@" --next --silent --show-error --fail --header "authorization: Bearer $GITHUB_TOKEN" \
    --header "content-type: application/octet-stream" --data-binary "@$file" --output /dev/null "$upload?name=${file##*/}"
done
shift
curl --parallel --parallel-max 5 "$@"
curl --silent --show-error --fail --header "authorization: Bearer $GITHUB_TOKEN" --request PATCH --data '{"draft":false}' \
  "$GITHUB_API_URL/repos/$REPOSITORY/releases/$id" >>"$out/log"
