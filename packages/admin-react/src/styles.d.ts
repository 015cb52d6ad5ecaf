// The types of `import "@babylon/admin-react/styles.css"`, which is imported for its effect only.
export {};
