using System.Xml.Linq;
using Guantong.Decisions;
using Guantong.Feel;

namespace Guantong.Tck;

/// <summary>A model under test, with the models of its folder to import from.</summary>
internal sealed class Engine
{
    private readonly DmnReading? _reading;
    private readonly string _trouble = "";

    public Engine(string path)
    {
        try
        {
            var folder = Path.GetDirectoryName(path)!;
            var others = new Lazy<Dictionary<string, string>>(() => ByNamespace(folder));
            _reading = DmnModel.Read(File.ReadAllText(path), Path.GetFileName(path), (space, _) => others.Value.GetValueOrDefault(space));
            _trouble = string.Join("; ", _reading.Faults.Take(3).Select(f => $"{f.Line}:{f.Column} {f.Message("en")}"));
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            _trouble = e.ToString();
        }
    }

    private static Dictionary<string, string> ByNamespace(string folder)
    {
        var models = new Dictionary<string, string>();
        foreach (var file in Directory.EnumerateFiles(folder, "*.dmn").Order(StringComparer.Ordinal))
        {
            var text = File.ReadAllText(file);
            models.TryAdd((string?)XDocument.Parse(text).Root!.Attribute("namespace") ?? "", text);
        }
        return models;
    }

    /// <summary>Why a case fails, or null when it passes. Whatever is thrown is a failure too.</summary>
    public string? Fails(TestCase test)
    {
        if (_reading?.Model is not { } model)
            return "model: " + _trouble;
        try
        {
            var inputs = new Dictionary<string, object?>();
            foreach (var input in test.Inputs)
                inputs[input.Namespace is { } space ? $"{space}#{input.Name}" : input.Name] = Values.Given(input.Value, model.Inputs.FirstOrDefault(i => i.Name == input.Name)?.Type);
            return test.Type == "decisionService" && test.Invocable is { } service
                ? ServiceFails(test, model.EvaluateService(service, inputs, NewSession()).Result)
                : test.Type == "bkm" && test.Invocable is { } knowledge ? ServiceFails(test, model.EvaluateKnowledge(knowledge, inputs, NewSession()).Result)
                : test.Results.Select(r => DecisionFails(model, r, inputs)).FirstOrDefault(reason => reason is not null);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return e.GetType().Name + " " + e.Message;
        }
    }

    private string? DecisionFails(DmnModel model, Node expected, Dictionary<string, object?> inputs)
    {
        var outcome = model.Evaluate(expected.Name, inputs, NewSession());
        return Differs(expected, outcome.Result) is { } difference
            ? $"{difference} [{string.Join("; ", outcome.Reasons.Take(3).Select(r => r.Message("en")))}] {_trouble}" : null;
    }

    private static FeelSession NewSession() => new(FeelLimits.Default, DateTimeOffset.Now);

    // A service of several decisions gives a context of them.
    private static string? ServiceFails(TestCase test, FeelValue result) => test.Results is [var single]
        ? Differs(single, result)
        : test.Results.Select(r => Differs(r, result.Context?.Get(r.Name) ?? default)).FirstOrDefault(reason => reason is not null);

    private static string? Differs(Node expected, FeelValue value)
    {
        var wanted = expected.IsError ? new Written.Nothing() : expected.Value;
        return Values.Same(wanted, value) ? null : $"{expected.Name} gave {value}, not {wanted}";
    }
}
