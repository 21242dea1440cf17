using System.Globalization;
using System.Xml;
using Guantong.Decisions;

namespace Guantong.Tck;

/// <summary>A model under test.</summary>
internal sealed class Engine
{
    private readonly DmnReading _reading;

    public Engine(string path) => _reading = DmnModel.Read(File.ReadAllText(path), Path.GetFileName(path));

    /// <summary>Why a case fails, or null when it passes. Whatever is thrown is a failure too.</summary>
    public string? Fails(TestCase test)
    {
        if (_reading.Model is null)
            return "model: " + string.Join("; ", _reading.Faults.Take(3).Select(f => $"{f.Line}:{f.Column} {f.Message("en")}"));
        try
        {
            foreach (var expected in test.Results)
            {
                var value = _reading.Model.Evaluate(expected.Name, test.Inputs.ToDictionary(i => i.Name, i => Value(i.Value))).Value;
                if (!Same(expected.IsError ? new Written.Nothing() : expected.Value, value))
                    return $"{expected.Name} gave {value ?? "null"}, not {expected.Value}";
            }
            return null;
        }
        catch (Exception e)
        {
            return e.GetType().Name + " " + e.Message;
        }
    }

    private static object? Value(Written w) => w switch
    {
        Written.Items l => l.All.Select(Value).ToList(),
        Written.Components c => c.All.ToDictionary(p => p.Name, p => Value(p.Value)),
        Written.Simple s => s.Type switch
        {
            "string" => s.Text,
            "boolean" => s.Text is "true" or "1",
            "decimal" or "double" or "integer" => decimal.Parse(s.Text, NumberStyles.Float, CultureInfo.InvariantCulture),
            "date" => DateOnly.Parse(s.Text, CultureInfo.InvariantCulture),
            "time" => TimeOnly.Parse(s.Text, CultureInfo.InvariantCulture),
            "dateTime" => DateTimeOffset.Parse(s.Text, CultureInfo.InvariantCulture),
            _ => XmlConvert.ToTimeSpan(s.Text),
        },
        _ => null,
    };

    private static bool Same(Written w, object? value) => w switch
    {
        Written.Nothing => value is null,
        Written.Items l => value is IReadOnlyList<object?> list && list.Count == l.All.Count && l.All.Zip(list).All(p => Same(p.First, p.Second)),
        Written.Components c => value is IReadOnlyDictionary<string, object?> context && c.All.Count == context.Count && c.All.All(p => context.TryGetValue(p.Name, out var v) && Same(p.Value, v)),
        _ => Equals(Value(w), value),
    };
}
