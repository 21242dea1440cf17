namespace Guantong.Insight;

/// <summary>Quantiles of the normal and of Student's t distribution.</summary>
public static class Quantiles
{
    /// <summary>The z below which a share of the standard normal distribution lies; exact to about 16 digits.</summary>
    /// <param name="p">Above 0 and below 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">p is not.</exception>
    /// <remarks>M. J. Wichura, Algorithm AS 241 (PPND16), Applied Statistics 37 (1988) 477–484.</remarks>
    public static double Normal(double p)
    {
        if (!(p > 0 && p < 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "A share lies between 0 and 1.");
        var q = p - 0.5;
        if (Math.Abs(q) <= 0.425)
        {
            var near = 0.180625 - q * q;
            return q * Ratio(near,
                [2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457, 13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608],
                [5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867, 5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0]);
        }
        var far = Math.Sqrt(-Math.Log(q < 0 ? p : 1 - p));
        var z = far <= 5
            ? Ratio(far - 1.6,
                [7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258, 3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734],
                [1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459, 0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0])
            : Ratio(far - 5,
                [2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093, 0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772],
                [2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4, 0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0]);
        return q < 0 ? -z : z;
    }

    /// <summary>The t of Student's distribution below which a share lies.</summary>
    /// <param name="p">Above 0 and below 1.</param>
    /// <param name="freedom">Degrees of freedom, 1 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">They are not.</exception>
    /// <remarks>Found by halving on the distribution itself, which for whole degrees of freedom is a finite sum: Abramowitz and Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4.</remarks>
    public static double Student(double p, int freedom)
    {
        if (!(p > 0 && p < 1))
            throw new ArgumentOutOfRangeException(nameof(p), p, "A share lies between 0 and 1.");
        ArgumentOutOfRangeException.ThrowIfLessThan(freedom, 1);
        // Beyond this the two agree to five digits.
        if (freedom > 2000)
            return Normal(p);
        if (p < 0.5)
            return -Student(1 - p, freedom);
        var (low, high) = (0.0, 1.0);
        while (Within(high, freedom) < 2 * p - 1 && high < 1e15)
            high *= 2;
        for (var i = 0; i < 200 && high - low > 1e-13 * high; i++)
        {
            var middle = (low + high) / 2;
            (low, high) = Within(middle, freedom) < 2 * p - 1 ? (middle, high) : (low, middle);
        }
        return (low + high) / 2;
    }

    // The share between −t and t.
    private static double Within(double t, int freedom)
    {
        var angle = Math.Atan(t / Math.Sqrt(freedom));
        var (sine, cosine) = Math.SinCos(angle);
        var isOdd = freedom % 2 == 1;
        var (sum, term) = (0.0, isOdd ? cosine : 1.0);
        for (var k = isOdd ? 3 : 2; k <= freedom; k += 2)
        {
            sum += term;
            term *= cosine * cosine * (k - 1) / k;
        }
        return isOdd ? 2 / Math.PI * (angle + sine * (freedom == 1 ? 0 : sum)) : sine * sum;
    }

    // Both from the highest power down.
    private static double Ratio(double x, ReadOnlySpan<double> above, ReadOnlySpan<double> below)
    {
        var (a, b) = (0.0, 0.0);
        foreach (var c in above)
            a = a * x + c;
        foreach (var c in below)
            b = b * x + c;
        return a / b;
    }
}
