/** An artifact belongs to a run. The same name again is the same run. */
export const UPSERT_RUN = `mutation UpsertBucket($entity: String!, $project: String!, $name: String!) {
  upsertBucket(input: { entityName: $entity, modelName: $project, name: $name }) { bucket { id name } }
}`;

export const CREATE_ARTIFACT = `mutation CreateArtifact(
  $entity: String!, $project: String!, $type: String!, $collection: String!, $run: String!, $digest: String!,
  $metadata: JSONString!, $clientID: ID!, $sequenceClientID: ID!
) {
  createArtifact(input: {
    entityName: $entity, projectName: $project, artifactTypeName: $type, artifactCollectionName: $collection,
    runName: $run, digest: $digest, digestAlgorithm: MANIFEST_MD5, metadata: $metadata,
    clientID: $clientID, sequenceClientID: $sequenceClientID, enableDigestDeduplication: true
  }) { artifact { id state versionIndex } }
}`;

export const CREATE_MANIFEST = `mutation CreateArtifactManifest(
  $artifact: ID!, $name: String!, $digest: String!, $entity: String!, $project: String!, $run: String!, $upload: Boolean!
) {
  createArtifactManifest(input: {
    artifactID: $artifact, name: $name, digest: $digest, entityName: $entity, projectName: $project, runName: $run, type: FULL
  }) {
    artifactManifest { id file { id uploadUrl @include(if: $upload) uploadHeaders @include(if: $upload) } }
  }
}`;

export const CREATE_FILES = `mutation CreateArtifactFiles($files: [CreateArtifactFileSpecInput!]!) {
  createArtifactFiles(input: { artifactFiles: $files, storageLayout: V2 }) {
    files { edges { node { storagePath uploadUrl uploadHeaders artifact { id } } } }
  }
}`;

export const COMMIT_ARTIFACT = `mutation CommitArtifact($artifact: ID!) {
  commitArtifact(input: { artifactID: $artifact }) { artifact { id digest versionIndex } }
}`;
