# panels.gp - small multiples: panels in rows and columns, numbered from 1.
#
# Before: panels, columns, and in pixels row_height, of it below the axis
# row_foot. After: panels_height, panel_name[], and left(p), right(p), bottom(p),
# top(p): the places of panel p's axes as shares of the page, good once frame.gp
# was loaded.
columns = columns > panels ? panels : columns
panel_rows = int((panels + columns - 1) / columns)
panels_height = panel_rows * row_height
panel_width = (width - 30.0) / columns
panel_column(p) = (p - 1) % columns
panel_row(p) = int((p - 1) / columns)
left(p) = (panel_width * panel_column(p) + 110) / width
right(p) = (panel_width * (panel_column(p) + 1) - 6) / width
bottom(p) = (panels_top - (panel_row(p) + 1) * row_height + row_foot) / height
top(p) = (panels_top - panel_row(p) * row_height - 30) / height

# A series without data has a row without a panel.
array panel_name[panels]
set table $unused
plot data using (column("panel") >= 1 ? (panel_name[int(column("panel"))] = stringcolumn("panel_name"), 0) : 0):(0) with table
unset table
