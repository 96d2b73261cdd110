using System.Collections;
using System.Globalization;
using System.Reflection;

namespace CnnViz.Ascent;

/// <summary>A number of a recipe that people turn by its name, or two that share one.</summary>
/// <param name="Name">The name.</param>
/// <param name="Group">The part of the recipe that it is in, such as <see cref="Recipe.Views"/>; null for the recipe itself.</param>
/// <param name="Members">Where it stands in that part.</param>
/// <param name="Least">The least value; <see cref="double.Epsilon"/> for anything above 0.</param>
/// <param name="Most">The greatest value.</param>
internal sealed record RecipeSetting(string Name, PropertyInfo? Group, IReadOnlyList<PropertyInfo> Members, double Least, double Most)
{
    /// <summary>All settings, in the order of the recipe.</summary>
    public static IReadOnlyList<RecipeSetting> All { get; } =
    [
        .. typeof(Recipe).GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property =>
            property.IsDefined(typeof(SettingAttribute))
                ? Of(null, [property])
                : Of(property, (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).GetProperties())),
    ];

    /// <summary>The parts of a recipe that have settings.</summary>
    public static IReadOnlyList<PropertyInfo> Groups { get; } = [.. All.Select(setting => setting.Group).OfType<PropertyInfo>().Distinct()];

    /// <summary>The setting of a name, in any case; or null.</summary>
    public static RecipeSetting? Find(string name) =>
        All.FirstOrDefault(setting => string.Equals(setting.Name, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>The values that it has in a recipe, one for each of its members; none, where the recipe lacks the part.</summary>
    public IEnumerable<object?> ValuesIn(Recipe recipe) =>
        (Group is null ? recipe : Group.GetValue(recipe)) is { } part ? Members.Select(member => member.GetValue(part)) : [];

    /// <summary>Such as <c>Zoom 0.9, 1.1</c>, or <c>Size none</c>.</summary>
    public string TextOf(IEnumerable<object?> values) =>
        $"{Name} {string.Join(", ", values.Select(Text).Distinct().DefaultIfEmpty("none"))}";

    /// <summary>Such as <c>from 0 to 4</c>.</summary>
    public string RangeText => string.Create(
        CultureInfo.InvariantCulture, $"{(Least == double.Epsilon ? "above 0 and at most" : $"from {Least} to")} {Most}");

    private static IEnumerable<RecipeSetting> Of(PropertyInfo? part, IEnumerable<PropertyInfo> properties) =>
        from property in properties
        let setting = property.GetCustomAttribute<SettingAttribute>()
        where setting is not null
        group property by (setting.Name, setting.Least, setting.Most) into members
        select new RecipeSetting(members.Key.Name, part, [.. members], members.Key.Least, members.Key.Most);

    private static string Text(object? value) => value switch
    {
        null => "none",
        IEnumerable and not string => $"{value}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };
}
