namespace CnnViz.Ascent;

/// <summary>
/// Marks a number of a recipe: the name by which people turn it, which two numbers may share, such as the least and the greatest zoom, and the
/// values that it may have. A name has no other place, and a range no other either.
/// </summary>
/// <param name="name">The name: a parameter of New-CnnRecipe.</param>
/// <param name="least">The least value; <see cref="double.Epsilon"/> for anything above 0.</param>
/// <param name="most">The greatest value.</param>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class SettingAttribute(string name, double least = double.NegativeInfinity, double most = double.PositiveInfinity) : Attribute
{
    public string Name => name;

    public double Least => least;

    public double Most => most;
}
