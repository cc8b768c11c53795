/// The format of an image file, known from its first bytes.
enum ImageFormat {
  case picture(PictureFormat)
  case dicom, nifti

  init?(of bytes: UnsafeRawBufferPointer) {
    // The preamble of a DICOM file may hold the head of a TIFF, so it is asked first.
    if DICOMContainer.hasPreamble(bytes) {
      self = .dicom
    } else if let picture = PictureFormat(of: bytes) {
      self = .picture(picture)
    } else if NIfTIFile.isPlausible(bytes) {
      self = .nifti
    } else if DICOMContainer.isPlausible(bytes) {
      self = .dicom
    } else {
      return nil
    }
  }
}
