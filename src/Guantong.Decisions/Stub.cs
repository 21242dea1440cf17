#pragma warning disable CA1822
namespace Guantong.Decisions;
public sealed record Decision(string Id, string Name);
public sealed record DmnFault(int Line, int Column, string Code, IReadOnlyList<string> Args) { public string Message(string lang) => Code; }
public sealed record DmnReading(DmnModel? Model, IReadOnlyList<DmnFault> Faults);
public sealed record DecisionOutcome(object? Value);
public sealed class DmnModel { public IReadOnlyList<Decision> Decisions => []; public static DmnReading Read(string xml, string file) => new(null, []); public DecisionOutcome Evaluate(string d, IReadOnlyDictionary<string, object?> i) => new(null); }
