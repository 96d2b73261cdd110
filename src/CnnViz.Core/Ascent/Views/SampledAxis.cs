using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CnnViz.Ascent;

/// <summary>An axis of an image, and the two pixels around each place on it. Places are in pixels, from the middle of the first.</summary>
internal readonly struct SampledAxis(int size, EdgeMode edge)
{
    /// <summary>Whether the pixels around each of the places are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Holds(Vector256<float> places) =>
        Vector256.GreaterThanOrEqualAll(places, Vector256<float>.Zero) && Vector256.LessThanAll(places, Vector256.Create(size - 1f));

    /// <summary>Whether the pixels around the place are there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Holds(float place) => place >= 0 && place < size - 1;

    /// <summary>The pixels before and after a place, and their parts; of those that are not there, none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public (int Before, int After, float OfBefore, float OfAfter) Around(float place)
    {
        if (!(place >= 0 && place <= size - 1))
        {
            place = Bring(place);
        }

        float floor = MathF.Floor(place);
        int before = (int)floor;
        float part = place - floor;
        bool hasBefore = before >= 0 && before < size;
        if (edge == EdgeMode.Wrap && before == size - 1)
        {
            return (before, 0, 1 - part, part);
        }

        bool hasAfter = before + 1 >= 0 && before + 1 < size;
        return (hasBefore ? before : 0, hasAfter ? before + 1 : 0, hasBefore ? 1 - part : 0, hasAfter ? part : 0);
    }

    // A place beyond the edge, brought back to where its value comes from. What is no number or far away stays outside.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Bring(float place)
    {
        if (!float.IsFinite(place))
        {
            return -2;
        }

        if (edge == EdgeMode.Wrap)
        {
            float within = place - MathF.Floor(place / size) * size;
            return within < size ? within : 0;
        }

        if (edge == EdgeMode.Reflect)
        {
            // The edges lie half a pixel beyond the middles of the outermost pixels.
            float distance = MathF.Abs(place + 0.5f);
            float turns = MathF.Floor(distance / size);
            float rest = Rest(distance);
            bool isEven = MathF.Floor(turns / 2) * 2 == turns;
            place = isEven ? rest - 0.5f : size - rest - 0.5f;
        }

        return edge == EdgeMode.Grey ? Math.Clamp(place, -2, size + 1) : Math.Clamp(place, 0, size - 1);
    }

    // What the remainder operator gives, without its division where there is little to take off.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private float Rest(float distance)
    {
        if (distance < size)
        {
            return distance;
        }

        return distance < 2f * size ? distance - size : distance % size;
    }
}
