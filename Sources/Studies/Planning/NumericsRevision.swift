/// A number in every cell's identity, raised only by a change of the program that alters results.
///
/// 2: the elastic deformation interpolates twice, gamma takes the reciprocal power, and deformations scale with the image.
public enum NumericsRevision {
  public static let current = 2
}
