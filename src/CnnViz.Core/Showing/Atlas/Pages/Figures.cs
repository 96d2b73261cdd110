using System.Globalization;

namespace CnnViz.Showing.Atlas.Pages;

/// <summary>Numbers as the pages show them.</summary>
internal static class Figures
{
    public static string Text(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    public static string Text(long value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>About three digits, with the sign that is as wide as a digit.</summary>
    public static string Text(double value)
    {
        string digits = Math.Abs(value) switch
        {
            double.NaN => "not a number",
            double.PositiveInfinity => "infinite",
            0 => "0",
            >= 1e6 or < 1e-3 => value.ToString("0.##e+0", CultureInfo.InvariantCulture),
            >= 1000 => value.ToString("#,0", CultureInfo.InvariantCulture),
            >= 100 => value.ToString("0.#", CultureInfo.InvariantCulture),
            >= 0.1 => value.ToString("0.00", CultureInfo.InvariantCulture),
            _ => value.ToString("0.####", CultureInfo.InvariantCulture),
        };
        return value < 0 ? digits.Replace('-', '−') : digits;
    }

    /// <summary>Such as <c>1 filter</c> or <c>1,024 filters</c>.</summary>
    public static string Count(int count, string noun) => count == 1 ? $"1 {noun}" : $"{Text(count)} {noun}s";

    public static string Percent(double value) =>
        double.IsFinite(value) ? value.ToString("0.#", CultureInfo.InvariantCulture) + " %" : Text(value);
}
