#!/bin/sh
# Releases one image as a maintainer's script does: builds and pushes it, signs the index and each platform's manifest, attests provenance and SBOM,
# signs a file and its checksums, and makes a Release with these and their bundles. Runs in the clone; the bench sets the variables.
# curl makes the requests that `gh release create` makes, with five uploads at once.
set -eu
image=$REGISTRY/$REPOSITORY
tag=v$VERSION
mkdir -p "$WORK"

run_cosign() {
  verb=$1
  shift
  cosign "$verb" --yes --signing-config "$SIGNING_CONFIG" --trusted-root "$TRUSTED_ROOT" "$@" >>"$WORK/log" 2>&1
}
request_github() {
  curl --silent --show-error --fail --header "authorization: Bearer $GITHUB_TOKEN" "$@"
}

commit=$(git rev-parse HEAD)
created=$(git show --no-patch --format=%cI HEAD)
epoch=$(git show --no-patch --format=%ct HEAD)
source=$GITHUB_SERVER_URL/$REPOSITORY

buildctl build --progress plain --frontend dockerfile.v0 --local context=. --local dockerfile=. \
  --opt platform=linux/amd64,linux/arm64 \
  --opt "label:org.opencontainers.image.version=$VERSION" \
  --opt "label:org.opencontainers.image.revision=$commit" \
  --opt "label:org.opencontainers.image.source=$source" \
  --opt "label:org.opencontainers.image.created=$created" \
  --output "type=image,push=true,name=$image:$VERSION,oci-mediatypes=true,rewrite-timestamp=true,source-date-epoch=$epoch" \
  --metadata-file "$WORK/metadata.json" >>"$WORK/log" 2>&1
digest=$(sed -n 's/.*"containerimage.digest": *"\([^"]*\)".*/\1/p' "$WORK/metadata.json")

cat >"$WORK/provenance.json" <<END
{
  "buildDefinition": {
    "buildType": "$source/blob/main/release.sh",
    "externalParameters": {"ref": "$tag", "platforms": ["linux/amd64", "linux/arm64"]},
    "resolvedDependencies": [{"uri": "git+$source@refs/tags/$tag", "digest": {"gitCommit": "$commit"}}]
  },
  "runDetails": {"builder": {"id": "$source"}, "metadata": {"invocationId": "$source/actions/runs/1"}}
}
END
run_cosign sign --recursive "$image@$digest"
run_cosign attest --type slsaprovenance1 --predicate "$WORK/provenance.json" "$image@$digest"
run_cosign attest --type spdxjson --predicate sbom.spdx.json "$image@$digest"

cp deploy/install.yaml "$WORK"
(cd "$WORK" && sha256sum install.yaml >checksums.txt)
for file in install.yaml checksums.txt; do
  run_cosign sign-blob --bundle "$WORK/$file.sigstore.json" "$WORK/$file"
done

draft=$(request_github --data \
  "{\"tag_name\":\"$tag\",\"target_commitish\":\"$commit\",\"name\":\"$tag\",\"body\":\"$image@$digest\",\"draft\":true}" \
  "$GITHUB_API_URL/repos/$REPOSITORY/releases")
upload=$(printf '%s' "$draft" | sed -n 's/.*"upload_url": *"\([^"{]*\).*/\1/p')
id=${upload%/assets}
id=${id##*/}
set --
for file in install.yaml install.yaml.sigstore.json checksums.txt checksums.txt.sigstore.json; do
  set -- "$@" --next --silent --show-error --fail --header "authorization: Bearer $GITHUB_TOKEN" \
    --header "content-type: application/octet-stream" --data-binary "@$WORK/$file" --output /dev/null "$upload?name=$file"
done
shift
curl --parallel --parallel-max 5 "$@"
request_github --request PATCH --data '{"draft":false}' "$GITHUB_API_URL/repos/$REPOSITORY/releases/$id" >>"$WORK/log"
printf '%s\n' "$digest"
