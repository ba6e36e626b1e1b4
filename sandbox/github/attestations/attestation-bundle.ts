import { X509Certificate } from "@sigstore/core";
import { ApiError } from "../api/api-error.ts";

/** The parts of a Sigstore bundle that are read before it is stored. */
export interface AttestedSubjects {
  /** `sha256:…` of every subject of the statement. */
  digests: string[];
  predicateType: string;
}

/** Fulcio's "Source Repository URI" (https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md). */
const sourceRepositoryOid = "1.3.6.1.4.1.57264.1.12";

interface Bundle {
  verificationMaterial?: {
    certificate?: { rawBytes?: string };
    x509CertificateChain?: { certificates?: { rawBytes?: string }[] };
  };
  dsseEnvelope?: { payload?: string };
}

interface Statement {
  subject?: { name?: string; digest?: { sha256?: string } }[];
  predicateType?: string;
}

/**
 * Reads a posted bundle as GitHub does: the certificate must belong to a run in the repository that gets it
 * (https://github.com/actions/attest-build-provenance/issues/216), and no subject may appear twice (issue 762).
 * Signatures and logs are not checked. The words for something that is not a bundle are ours, because GitHub's are not known.
 * @param repository `owner/name`
 * @throws ApiError 422
 */
export function attestedSubjects(bundle: unknown, repository: string): AttestedSubjects {
  const { verificationMaterial, dsseEnvelope } = (bundle ?? {}) as Bundle;
  const { certificate = verificationMaterial?.x509CertificateChain?.certificates?.[0] } = verificationMaterial ?? {};
  const source = sourceRepository(certificate?.rawBytes);
  const target = `https://github.com/${repository}`;
  if (source.toLowerCase() !== target.toLowerCase()) {
    throw invalid(`values do not match: ${source} != ${target}`);
  }
  const { subject = [], predicateType = "" } = statementIn(dsseEnvelope?.payload);
  const digests = subject.flatMap(({ digest }) => (digest?.sha256 === undefined ? [] : [`sha256:${digest.sha256}`]));
  if (digests.length === 0 || predicateType === "") {
    throw invalid("the bundle contains no statement about a sha256 digest");
  }
  const named = new Set(subject.map(({ name, digest }) => `${name} ${digest?.sha256}`));
  if (named.size < subject.length) {
    throw invalid("duplicate subject in statement");
  }
  return { digests, predicateType };
}

function sourceRepository(certificate: string | undefined): string {
  try {
    const extension = X509Certificate.parse(Buffer.from(certificate ?? "", "base64")).extension(sourceRepositoryOid);
    return extension?.valueObj.subs[0]?.value.toString("utf8") ?? "";
  } catch {
    throw invalid("the bundle contains no certificate");
  }
}

function statementIn(payload: string | undefined): Statement {
  try {
    return (JSON.parse(Buffer.from(payload ?? "", "base64").toString("utf8")) ?? {}) as Statement;
  } catch {
    throw invalid("the bundle contains no statement");
  }
}

function invalid(what: string): ApiError {
  return new ApiError(422, `Invalid Argument - ${what}`);
}
