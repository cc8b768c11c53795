import Testing

@testable import Weights

extension Tag {
  @Tag static var data: Self
}

/// The error that some work ends with; nil when nothing is wrong. Errors of other modules leave the test.
func failure(_ body: () throws -> Void) throws -> WeightsError? {
  do {
    try body()
    return nil
  } catch let error as WeightsError {
    return error
  }
}
