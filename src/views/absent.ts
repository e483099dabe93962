/** What a bundler for browsers puts in the place of a module that only Node has (`imports` of package.json): it exports nothing. */
export {};
