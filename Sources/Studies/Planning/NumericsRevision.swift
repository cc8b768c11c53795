/// A number in every cell's identity, raised only by a change of the program that alters results.
public enum NumericsRevision {
  public static let current = 1
}
