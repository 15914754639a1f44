// Converts a bill of materials from CycloneDX to SPDX, whose readers are others. See SPDX 2.3, CycloneDX 1.5.

import { createHash } from "node:crypto";

const ALGORITHMS = { "SHA-256": "SHA256", "SHA-512": "SHA512" };

const idOf = (name, version) => `SPDXRef-${`${name}-${version}`.replace(/[^A-Za-z0-9.-]+/g, "-")}`;

const licenceOf = ({ licenses: [first] = [] }) => first?.expression ?? first?.license.id ?? "NOASSERTION";

function packageOf(component) {
  const { name, version, purl, hashes = [] } = component;
  return {
    SPDXID: idOf(name, version),
    name,
    versionInfo: version,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: licenceOf(component),
    copyrightText: "NOASSERTION",
    ...(hashes.length === 0
      ? {}
      : { checksums: hashes.map(({ alg, content }) => ({ algorithm: ALGORITHMS[alg], checksumValue: content })) }),
    ...(purl === undefined
      ? {}
      : {
          externalRefs: [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: purl }],
        }),
  };
}

const relation = (from, relationshipType, to) => ({
  spdxElementId: from.SPDXID,
  relationshipType,
  relatedSpdxElement: to.SPDXID,
});

/** Returns the text of the SPDX document. Parts inside a component are contained in it. */
export function spdx(bill) {
  const { component: subject, timestamp } = bill.metadata;
  const root = packageOf({ ...subject, licenses: [{ license: { id: "MIT" } }] });
  const packages = [root];
  const relationships = [relation({ SPDXID: "SPDXRef-DOCUMENT" }, "DESCRIBES", root)];
  const add = (component, parent) => {
    const own = packageOf(component);
    packages.push(own);
    relationships.push(relation(parent, "CONTAINS", own));
    for (const part of component.components ?? []) add(part, own);
  };
  for (const component of bill.components) add(component, root);
  const document = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: `${subject.name}-${subject.version}`,
    documentNamespace: `https://spdx.org/spdxdocs/${subject.name}-${subject.version}-${digest(bill)}`,
    creationInfo: { created: timestamp.replace(/\.\d+Z$/, "Z"), creators: ["Organization: the hsflowd-ts authors"] },
    packages,
    relationships,
  };
  return `${JSON.stringify(document, undefined, 2)}\n`;
}

/** Makes the namespace unique to the contents, and the same for the same contents. */
const digest = (bill) => createHash("sha256").update(JSON.stringify(bill)).digest("hex").slice(0, 32);
