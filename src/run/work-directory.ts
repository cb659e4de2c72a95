/** Where agents work, and how their work is told apart, kept and put back. Paths are relative to `path`, with `/`. */
export interface WorkDirectory {
  readonly path: string
  /** What the work starts from: a commit; undefined before the first commit; without git a name for what is there now. */
  base(): Promise<string | undefined>
  /** All files of the project. */
  files(): Promise<string[]>
  /** Makes sure that a file can be put back to what it is now, before it is written for the first time after `base`. */
  remember(base: string | undefined, file: string): Promise<void>
  /** Those of `paths` that differ from `base`. */
  changed(base: string | undefined, paths: readonly string[]): Promise<string[]>
  diff(base: string | undefined, paths: readonly string[]): Promise<string>
  /**
   * Undoes what is not committed of `paths`, written since `base`: a file that was not there is deleted. With git they become what HEAD
   * has, which is `base` and whatever others have committed to these files since.
   */
  putBack(base: string | undefined, paths: readonly string[]): Promise<void>
  /** Nothing will be put back to `base` any more. */
  forget(base: string | undefined): Promise<void>
  /** The commit, HEAD where no path is given; undefined: nothing can be committed here (no git). */
  commit(paths: readonly string[], message: string): Promise<string | undefined>
  keep(ref: string, base: string | undefined, paths: readonly string[], message: string): Promise<string | undefined>
  /** The newest commit after `base` whose message has all of these lines. */
  commitSince(base: string | undefined, lines: readonly string[]): Promise<string | undefined>
}
