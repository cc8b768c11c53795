/// “1 image”, “4 images”, “4 classes”.
///
/// - Parameter plural: where it is not the noun with an s.
public func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String { "\(count) \(count == 1 ? noun : plural ?? noun + "s")" }
