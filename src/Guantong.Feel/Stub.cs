#pragma warning disable
namespace Guantong.Feel;
public sealed record FeelFault(int Line, int Column, string Code, IReadOnlyList<string> Args) { public string Message(string lang) => Code; }
public sealed record FeelReading(FeelExpression? Expression, FeelFault? Fault);
public sealed class FeelExpression { public static FeelReading Parse(string text, IReadOnlyCollection<string>? knownNames = null) => new(new FeelExpression(), null); public object? Evaluate(IReadOnlyDictionary<string, object?> scope) => true; }
