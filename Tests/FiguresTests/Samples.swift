import Foundation

@testable import Figures

/// One small figure of each kind, with numbers that are easy to find again.
enum Samples {
  static func figure(_ kind: FigureKind) -> Figure {
    switch kind {
    case .bars: bars.figure()
    case .numberedBars: numberedBars.figure()
    case .learningCurves: learningCurves.figure()
    case .parallelCoordinates: parallelCoordinates.figure()
    case .differenceBars: differenceBars.figure()
    case .horizontalBars: horizontalBars.figure()
    case .dotPlot: dotPlot.figure()
    case .forest: forest.figure()
    case .boxPlot: boxPlots.figure()
    case .criticalDifference: criticalDifference.figure()
    case .receiverOperating: receiverOperating.figure()
    case .reliability: reliability.figure()
    case .decisionCurves: decisionCurves.figure()
    case .matrix: matrix.figure()
    case .images: images.figure()
    case .amountCurves: amountCurves.figure()
    case .agreement: agreement.figure()
    }
  }

  static func labels(_ name: String) -> FigureLabels {
    FigureLabels(id: name, title: "Title of \(name)", caption: "Caption of \(name).")
  }

  static let agreement = NumberAgreement(
    labels: labels("agreement"),
    subjects: [
      .init(
        "A", axisTitle: "age, months", truths: [120.25, 96.5, 150.75], values: [118.5, 101.25, 149], bias: 0.417, lowerLimit: -6.84,
        upperLimit: 7.67)
    ])

  static let bars = Bars(
    labels: labels("bars"), series: [.init("A", .bar(0)), .init("B", .bar(1)), .init("C", .bar(2))],
    tasks: [
      .init(
        title: "One", axisTitle: "AUC, %",
        groups: [.init("", [Estimate(80.31, error: 0.11), nil, Estimate(83.57, error: 0.23)])],
        brackets: [.init(from: .init(series: 0), to: .init(series: 2), label: "p = 0.019")]),
      .init(
        title: "Two", axisTitle: "Dice, %",
        groups: [.init("", [Estimate(67.54), Estimate(67.93), Estimate(68.43, lower: 68.1, upper: 69.2)])]),
    ])

  static let numberedBars = NumberedBars(
    labels: labels("numbered"), baseline: "Supervised", methods: ["M1", "M2", "M3"],
    tasks: [
      .init(
        title: "One", axisTitle: "AUC, %", baseline: Estimate(81.7, error: 0.15),
        bars: [
          .init(Estimate(81.09, error: 0.17), mark: .none), .init(Estimate(81.93, error: 0.18), mark: .stars(1)),
          .init(Estimate(81.79, error: 0.22), mark: .notSignificant),
        ])
    ])

  static let learningCurves = LearningCurves(
    labels: labels("curves"),
    tasks: [
      .init(
        title: "One", axisTitle: "AUC, %",
        curves: [
          .init("A", epochs: [1, 2, 3], values: [Estimate(70, error: 2), Estimate(75, error: 1), Estimate(77, error: 0.5)]),
          .init("B", epochs: [1, 2], values: [Estimate(72), Estimate(78)]),
        ])
    ], bandMeaning: "± 1 standard deviation")

  static let amountCurves = AmountCurves(
    labels: labels("amounts"),
    tasks: [
      .init(
        title: "One", axisTitle: "AUC, %",
        curves: [
          .init("A", fractions: [0.1, 0.5, 1], values: [Estimate(70, error: 2), Estimate(76, error: 1), Estimate(75)], fitted: [70, 75.5, 75.5]),
          .init("B", fractions: [0.1, 1], values: [Estimate(73), Estimate(78)]),
        ], ways: [.init("B", value: 73, from: 0.1, to: 0.24, label: "24 %"), .init("B", value: 78, from: 1, to: nil, label: "more than 100 %")])
    ], errorMeaning: "95 % intervals")

  static let parallelCoordinates = ParallelCoordinates(
    labels: labels("parallel"), measures: [.init("Size", decimals: 0), .init("X"), .init("Y", decimals: 2)],
    lines: [
      .init("Big", family: "F", sizeRank: 0, values: [89, 83.8, 90]),
      .init("Small", family: "F", sizeRank: 1, values: [5, nil, 80]),
      .init("Other", family: "G", sizeRank: 0, values: [26, 76.1, 85]),
    ])

  static let differenceBars = DifferenceBars(
    labels: labels("difference"), categories: ["9K", "368K"], categoryTitle: "Labels", axisTitle: "Difference, %",
    series: [
      .init("From ImageNet", values: [.init(Estimate(-2.8), mark: .stars(4)), .init(Estimate(0.24), mark: .stars(1))]),
      .init("From scratch", values: [.init(Estimate(-10.3)), nil]),
    ])

  static let horizontalBars = HorizontalBars(
    labels: labels("horizontal"), axisTitle: "Dice, %",
    classes: [
      .init(
        title: "Tiny", series: ["ConvNeXt-T", "Swin-T"],
        groups: [.init("Clavicle", bars: [Estimate(90.03, error: 0.4), Estimate(86.37, error: 0.6)], difference: "+3.66")])
    ], differenceMeaning: "ConvNeXt minus Swin")

  static let dotPlot = DotPlot(
    labels: labels("dots"), baselineName: "Supervised",
    items: [.init("InsDis", family: "Contrastive"), .init("SeLa", family: "Clustering"), .init("MoCo", family: "Contrastive")],
    tasks: [.init(title: "One", axisTitle: "Dice, %", baseline: 93.58, values: [Estimate(93.57), Estimate(95.06), nil])])

  static let forest = ForestPlot(
    labels: labels("forest"), axisTitle: "AUROC, %", series: ["A", "B"],
    blocks: [
      .init(
        title: "Sex",
        rows: [
          .init("F", values: [Estimate(81.5, lower: 78.2, upper: 84.1), Estimate(79)]),
          .init("unknown", values: [nil, nil], note: "too few"),
        ])
    ], intervalMeaning: "95 % intervals")

  static let boxPlots = BoxPlots(
    labels: labels("boxes"),
    tasks: [.init(title: "One", axisTitle: "AUC, %", samples: [.init("A", values: [1, 2, 3, 4, 100]), .init("B", values: [])])])

  static let criticalDifference = CriticalDifference(
    labels: labels("ranks"),
    items: [.init("C", rank: 3.5), .init("A", rank: 1.25), .init("B", rank: 1.75), .init("D", rank: 3.5)],
    cliques: [["A", "B"], ["B", "C", "D"]], criticalDifference: 1.1, test: "Nemenyi, α = 0.05, 4 tasks")

  static let receiverOperating = ReceiverOperating(
    labels: labels("roc"),
    tasks: [
      .init(
        title: "One",
        curves: [
          .init(
            "A", area: Estimate(0.9, lower: 0.87, upper: 0.94), falsePositiveRates: [0, 0.1, 0.3, 1],
            sensitivities: [Estimate(0, error: 0), Estimate(0.8, error: 0.05), Estimate(0.95, error: 0.1), Estimate(1, error: 0)])
        ])
    ], bandMeaning: "95 % intervals")

  static let decisionCurves = DecisionCurves(
    labels: labels("decisions"), thresholds: [0.05, 0.1, 0.2, 0.3, 0.5],
    parts: [
      .init(
        title: "Edema", curves: [.init("random", netBenefits: [0.2, 0.15, 0.1, 0.02, -0.4]), .init("chest", netBenefits: [0.22, 0.2, 0.18, 0.1, 0.05])],
        treatAll: [0.2, 0.16, 0.05, -0.1, -0.6])
    ],
    difference: .init(
      first: "chest", second: "random", values: [0.02, 0.05, 0.08, 0.08, 0.45].map { Estimate($0, lower: $0 - 0.03, upper: $0 + 0.04) }),
    bandMeaning: "the 95 % interval")

  static let reliability = Reliability(
    labels: labels("reliability"),
    curves: [
      .init(
        "A",
        bins: [
          .init(lower: 0, upper: 0.5, count: 40, predicted: 0.21, observed: Estimate(0.25, error: 0.05)),
          .init(lower: 0.5, upper: 1, count: 0, predicted: nil, observed: nil),
        ])
    ])

  static let matrix = Matrix(
    labels: labels("matrix"), columns: ["A", "B"], rows: ["A", "B"], cells: [[nil, .pValue(0.03)], [.pValue(0.0002), nil]],
    meaning: "p-values.")

  static let images = ImageGrid(
    labels: labels("images"), columns: ["A", "B"],
    rows: [.init("Best", images: [.init(png: Data([1, 2, 3]), altText: "A disc", label: "Dice 0.9"), nil])])
}

extension Figure {
  /// The traces of a panel, as plotly gets them.
  func traces(_ panel: Int = 0) -> [JSONText] { plotlyPanels()[panel].data.elements }
}

extension JSONText {
  var elements: [JSONText] { if case .list(let values) = self { values } else { [] } }

  var string: String? { if case .text(let value) = self { value } else { nil } }

  /// The numbers of a list, with nil for null.
  var numbers: [Double?] { elements.map { if case .number(let value) = $0 { value } else { nil } } }

  /// The texts of a list.
  var strings: [String] { elements.compactMap(\.string) }
}
