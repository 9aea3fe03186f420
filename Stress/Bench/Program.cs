Console.WriteLine("folio-bench");
