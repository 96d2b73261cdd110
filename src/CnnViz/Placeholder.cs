namespace CnnViz;
internal static class Placeholder { }
