/** The formats of fiscal documents that a KKT may be registered with, tag 1209, oldest first. */
export const FFD_VERSIONS = ['1.05', '1.1', '1.2'] as const
export type FfdVersion = (typeof FFD_VERSIONS)[number]

/** Whether one version is as new as another, or newer. */
export const isFfdFrom = (version: FfdVersion, least: FfdVersion): boolean =>
  FFD_VERSIONS.indexOf(version) >= FFD_VERSIONS.indexOf(least)
