using Guantong.Trust;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace Guantong.Work;

/// <summary>Something that came in and where people took it: what a model learns from.</summary>
/// <param name="Label">PACK/MATTER.</param>
public sealed record SortExample(string Id, string Said, string Region, string Label);

/// <summary>How a model did on examples that it had not seen.</summary>
/// <param name="HeldOut">How many those were.</param>
/// <param name="Right">Of how many the matter was right.</param>
/// <param name="Commonest">How many would be right if everything were sorted to the commonest matter: what any model has to beat.</param>
public sealed record SortMeasure(long HeldOut, long Right, long Commonest, IReadOnlyList<UnitMeasure> Units);

/// <summary>The same by unit.</summary>
/// <param name="Belong">How many were the unit's.</param>
/// <param name="Right">How many of those were sorted to it.</param>
/// <param name="Sent">How many were sorted to it, the unit's or not.</param>
public sealed record UnitMeasure(string Unit, long Belong, long Right, long Sent);

/// <summary>Says from the words of what came in for which matter it is: characters in ones, twos and threes, hashed, weighed by maximum entropy (ML.NET).</summary>
/// <remarks>It holds weights of hashes and no words: nothing that anybody said can be read back from it. It judges texts, and no person.</remarks>
public sealed class SortModel
{
    /// <summary>The least number of examples to learn from.</summary>
    public const int Fewest = 50;

    /// <summary>The most that are learnt from, the newest.</summary>
    public const int Most = 20_000;

    private const int Longest = 1000;
    private const int Held = 5;

    private readonly PredictionEngine<Given, Told> _engine;
    private readonly string[] _labels;
    // An engine serves one at a time.
    private readonly Lock _gate = new();

    private SortModel(MLContext ml, ITransformer model)
    {
        _engine = ml.Model.CreatePredictionEngine<Given, Told>(model);
        VBuffer<ReadOnlyMemory<char>> names = default;
        _engine.OutputSchema["Score"].GetSlotNames(ref names);
        _labels = [.. names.DenseValues().Select(n => n.ToString())];
    }

    private sealed class Given
    {
        public string Text { get; set; } = "";
        public string Label { get; set; } = "";
    }

    private sealed class Told
    {
        public float[] Score { get; set; } = [];
    }

    /// <summary>The matters that it may be for, the surest first; confidences add up to 1.</summary>
    public IReadOnlyList<(string Label, double Confidence)> Predict(string said)
    {
        var text = Plain(said);
        if (text.Length == 0)
            return [];
        lock (_gate)
            return [.. _labels.Zip(_engine.Predict(new Given { Text = text }).Score, (label, score) => (label, (double)score)).OrderByDescending(l => l.Item2)];
    }

    /// <summary>Reads a model that was kept.</summary>
    public static SortModel Read(byte[] kept)
    {
        var ml = new MLContext(seed: 1);
        using var stream = new MemoryStream(kept);
        return new SortModel(ml, ml.Model.Load(stream, out _));
    }

    /// <summary>Trains a model: first on four of five examples, to see how it does on the fifth, then on all.</summary>
    /// <param name="unitOf">The unit of a label in a region.</param>
    /// <returns>The model as it is kept, and how it did.</returns>
    public static (byte[] Kept, SortMeasure Measured) Train(IReadOnlyList<SortExample> examples, Func<string, string, string> unitOf)
    {
        var held = examples.Where(e => IsHeld(e.Id)).ToList();
        var known = examples.Where(e => !IsHeld(e.Id)).ToList();
        var (ml, model, _) = Fit(known);
        var trial = new SortModel(ml, model);
        var tried = held.Select(e => (Is: e.Label, Unit: unitOf(e.Label, e.Region), Said: trial.Predict(e.Said) is [var first, ..] ? first.Label : "", e.Region)).ToList();
        var units = tried.Select(t => t.Unit).Union(tried.Where(t => t.Said.Length > 0).Select(t => unitOf(t.Said, t.Region))).Distinct().Order(StringComparer.Ordinal)
            .Select(u => new UnitMeasure(u, tried.Count(t => t.Unit == u), tried.Count(t => t.Unit == u && t.Said.Length > 0 && unitOf(t.Said, t.Region) == u), tried.Count(t => t.Said.Length > 0 && unitOf(t.Said, t.Region) == u))).ToList();
        var commonest = known.GroupBy(k => k.Label).OrderByDescending(g => g.Count()).ThenBy(g => g.Key, StringComparer.Ordinal).Select(g => g.Key).FirstOrDefault();
        var (whole, all, view) = Fit(examples);
        using var stream = new MemoryStream();
        whole.Model.Save(all, view.Schema, stream);
        return (stream.ToArray(), new SortMeasure(tried.Count, tried.Count(t => t.Is == t.Said), tried.Count(t => t.Is == commonest), units));
    }

    // Which are held out is the same for every model, so that two can be compared.
    private static bool IsHeld(string id) => System.IO.Hashing.XxHash32.HashToUInt32(System.Text.Encoding.UTF8.GetBytes(id)) % Held == 0;

    // Numbers tell where and who, not what: they are left out, as is everything but letters.
    private static string Plain(string said) => new([.. said.Normalize(System.Text.NormalizationForm.FormKC).Where(char.IsLetter).Select(char.ToLowerInvariant).Take(Longest)]);

    private static (MLContext Ml, ITransformer Model, IDataView View) Fit(IReadOnlyList<SortExample> examples)
    {
        var ml = new MLContext(seed: 1);
        var view = ml.Data.LoadFromEnumerable(examples.Select(e => new Given { Text = Plain(e.Said), Label = e.Label }).Where(g => g.Text.Length > 0).ToList());
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Key", nameof(Given.Label))
            .Append(ml.Transforms.Text.TokenizeIntoCharactersAsKeys("Characters", nameof(Given.Text), useMarkerCharacters: false))
            .Append(ml.Transforms.Text.ProduceHashedNgrams("Pieces", "Characters", numberOfBits: 14, ngramLength: 3, useAllLengths: true))
            .Append(ml.Transforms.NormalizeLpNorm("Features", "Pieces"))
            .Append(ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy("Key", l1Regularization: 0, l2Regularization: 0.01f));
        return (ml, pipeline.Fit(view), view);
    }
}
