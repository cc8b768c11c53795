/// A number in every cell's identity, raised only by a change of the program that alters results.
///
/// 3: image files are read otherwise than before: JPEG, PNG and WebP are turned as they state; bits above Bits Stored and lost signs of DICOM's
/// JPEG 2000 and JPEG-LS, padding, and rescale slopes of 0.
///
/// 2: the elastic deformation interpolates twice, gamma takes the reciprocal power, and deformations scale with the image.
public enum NumericsRevision {
  public static let current = 3
}
