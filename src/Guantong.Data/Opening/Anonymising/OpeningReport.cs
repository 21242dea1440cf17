namespace Guantong.Data;

/// <summary>What is left of risk in a publication, measured on what comes out.</summary>
/// <remarks>
/// The attackers are those of ISO/IEC 20889 and El Emam, Guide to the De-Identification of Personal Health Information (2013): the prosecutor knows that somebody is in it, the
/// journalist does not, the marketer wants as many as may be. Shares are 0 to 1.
/// </remarks>
public sealed record OpeningReport
{
    /// <summary>Rows that were there.</summary>
    public long RowsIn { get; init; }

    /// <summary>Rows, or cells, that are published.</summary>
    public long RowsOut { get; init; }

    /// <summary>Rows that were left out because they stand too much alone.</summary>
    public long Suppressed { get; init; }

    /// <summary>Their share of all.</summary>
    public double SuppressedShare { get; init; }

    /// <summary>Quasi-identifier → the level that it is told at.</summary>
    public IReadOnlyDictionary<string, string> Levels { get; init; } = new Dictionary<string, string>();

    /// <summary>Groups of rows that cannot be told apart by the quasi-identifiers.</summary>
    public long Classes { get; init; }

    /// <summary>Persons in the smallest of them: the k that comes out.</summary>
    public long K { get; init; }

    /// <summary>Rows in one of them on average.</summary>
    public double AverageClass { get; init; }

    /// <summary>Discernibility: the sum of squares of their sizes, and all rows for each that was left out.</summary>
    public double Discernibility { get; init; }

    /// <summary>How far up the quasi-identifiers went, 0 (nothing) to 1 (all the way), on average.</summary>
    public double Loss { get; init; }

    /// <summary>The greatest chance that whoever knows somebody to be in it points to the right row.</summary>
    public double ProsecutorMax { get; init; }

    /// <summary>The same over all rows on average.</summary>
    public double ProsecutorMean { get; init; }

    /// <summary>What the chance of whoever does not know that can be at most; less, where the population has more persons than the rows.</summary>
    public double JournalistBound { get; init; }

    /// <summary>The share of rows that whoever links all of them is expected to link rightly.</summary>
    public double Marketer { get; init; }

    /// <summary>By sensitive field: what may be learnt without knowing which row.</summary>
    public IReadOnlyList<SensitiveRisk> Sensitive { get; init; } = [];

    /// <summary>Counts: what this publication spent of the budget; null for rows.</summary>
    public decimal? Epsilon { get; init; }

    /// <summary>Counts: cells that are not told because they are small.</summary>
    public long SmallCells { get; init; }

    /// <summary>Counts: figure → within how much of the truth it lies in 95 of 100 cells.</summary>
    public IReadOnlyDictionary<string, double> Within { get; init; } = new Dictionary<string, double>();
}

/// <summary>What may be learnt of a sensitive field from the class alone.</summary>
/// <param name="Distinct">The fewest different values of a class.</param>
/// <param name="EntropyL">The least exponent of a class's entropy: so many equally frequent values it is worth.</param>
/// <param name="FrequentL">One over the greatest share that a value has of a class.</param>
/// <param name="T">The greatest variational distance of a class from all rows.</param>
/// <param name="BestGuess">How often whoever guesses the most frequent value of a class is right, over all rows.</param>
/// <param name="WorstGuess">The same in the class where it is greatest.</param>
/// <param name="Homogeneous">The share of rows in classes of one value alone.</param>
/// <param name="Baseline">How often whoever guesses the most frequent value of all is right.</param>
public sealed record SensitiveRisk(string Field, int Distinct, double EntropyL, double FrequentL, double T, double BestGuess, double WorstGuess, double Homogeneous, double Baseline);
