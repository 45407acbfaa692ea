// What elements are made of (`assets/ui/dom.js`). Here, since a type in a comment cannot name itself.

declare namespace Dom {
  type Child = Node | string | number | false | null | undefined;
  /** Lists may hold lists. */
  type Children = Child | Children[];
}
